fun main() {
    error("nobody catches this")
}
