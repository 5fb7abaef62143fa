import java.io.BufferedReader
import java.io.InputStreamReader
import java.util.PriorityQueue
import java.util.StringTokenizer

data class Point(val x: Int, val y: Int)

enum class Colour { RED, GREEN }

sealed interface Shape {
    class Circle(val radius: Double) : Shape
    object Empty : Shape
}

fun <T : Comparable<T>> largest(values: List<T>): T? = values.maxOrNull()

fun area(shape: Shape) = when (shape) {
    is Shape.Circle -> 3.14 * shape.radius * shape.radius
    Shape.Empty -> 0.0
}

fun fibonacci(): Sequence<Int> = sequence {
    var pair = 0 to 1
    while (true) {
        yield(pair.first)
        pair = pair.second to pair.first + pair.second
    }
}

fun main() {
    val reader = BufferedReader(InputStreamReader(System.`in`))
    val tokens = StringTokenizer(reader.readLine() ?: "1 2")
    val line = readLine().orEmpty()
    val numbers = mutableListOf(3, 1, 2)
    while (tokens.hasMoreTokens()) numbers.add(tokens.nextToken().toInt())
    numbers.sortDescending()
    val words = "a b a".split(" ").groupingBy { it }.eachCount().toSortedMap()
    val squares = (1..10).filter { it % 2 == 0 }.map { it * it }.sum()
    val heap = PriorityQueue<Pair<Int, Int>>(compareBy({ it.first }, { it.second }))
    heap.add(1 to 2)
    val grid = Array(3) { IntArray(3) { 0 } }
    for (i in 0 until 3) for (j in 2 downTo 0 step 2) grid[i][j] = i + j
    val builder = StringBuilder()
    grid.forEach { row -> builder.append(row.joinToString(",")).append('\n') }
    val queue = ArrayDeque<Int>()
    queue.addLast(1)
    repeat(3) { queue.addFirst(it) }
    val text = buildString { append("x".repeat(3)); append(line.trim().uppercase()) }
    val chunked = numbers.chunked(2).flatten().zip(numbers.indices).sortedByDescending { it.second }.associate { it }
    val found = Regex("""(\d+)-(\w+)""").find("12-ab")?.groupValues
    println(builder.toString() + words + squares + heap.peek() + queue + text + chunked + found)
    println("${Point(1, 2).copy(y = 3)} ${Colour.RED} ${area(Shape.Circle(1.0))} ${largest(numbers)} ${fibonacci().take(5).toList()}")
    println("%.2f".format(2.5) + numbers.reversed().fold(0) { a, b -> a + b } + setOf(1, 2).intersect(setOf(2)) + maxOf(1, 2))
    try {
        check(numbers.isEmpty()) { "training" }
    } catch (e: IllegalStateException) {
        System.err.println(e.message)
    }
}
