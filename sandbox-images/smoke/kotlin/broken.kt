fun main() {
    println(nothing)
}
