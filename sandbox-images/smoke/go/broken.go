package main

func main() {
	println(nothing)
}
