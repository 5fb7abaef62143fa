set blocks {}
while 1 {
    lappend blocks [string repeat x 8388608]
}
