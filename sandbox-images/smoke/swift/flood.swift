let line = String(repeating: "x", count: 1000)
while true {
    print(line)
}
