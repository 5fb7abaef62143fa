while (true) println("x".repeat(1000))
