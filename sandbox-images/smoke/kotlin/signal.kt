fun main() {
    ProcessBuilder("sh", "-c", "kill -ABRT ${ProcessHandle.current().pid()}").start().waitFor()
    while (true) Thread.sleep(10)
}
