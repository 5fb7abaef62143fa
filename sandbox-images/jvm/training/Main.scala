import scala.collection.mutable
import scala.io.StdIn
import scala.util.Try

case class Point(x: Int, y: Int)

sealed trait Shape
case class Circle(radius: Double) extends Shape
case object Empty extends Shape

object Main {
  def area(shape: Shape): Double = shape match {
    case Circle(radius) => 3.14 * radius * radius
    case Empty => 0.0
  }

  def main(args: Array[String]): Unit = {
    val line = Option(StdIn.readLine()).getOrElse("1 2")
    val numbers = line.split(" ").map(_.toInt).toList ::: List(3, 1)
    val counts = mutable.Map[String, Int]().withDefaultValue(0)
    "a b a".split(" ").foreach(word => counts(word) += 1)
    val queue = mutable.Queue(1, 2)
    queue.enqueue(3)
    val heap = mutable.PriorityQueue(3, 1)(Ordering[Int].reverse)
    val buffer = mutable.ArrayBuffer(1, 2)
    buffer += heap.dequeue()
    val set = Set(1, 2) ++ mutable.Set(3)
    val pairs = for (i <- 0 until 3; j <- 0 to 2 if i < j) yield (i, j)
    val groups = numbers.groupBy(_ % 2).mapValues(_.sum).toSeq.sortBy(_._1)
    val pattern = """(\d+)-(\w+)""".r
    val found = "12-ab" match { case pattern(a, b) => a + b; case _ => "" }
    val grid = Array.fill(2, 2)(0)
    println(s"$numbers $counts $queue $buffer $set $pairs $groups $found ${grid.map(_.mkString(",")).mkString(";")}")
    println(f"${2.5}%.2f" + Point(1, 2).copy(y = 3) + area(Circle(1.0)) + area(Empty) + Try("x".toInt).toOption)
    println(numbers.sorted.zipWithIndex.foldLeft(0)(_ + _._1) + BigInt(2).pow(100).toString + Stream.from(1).take(3).toList)
    val it = Iterator.iterate(1)(_ * 2).takeWhile(_ < 100)
    println(it.mkString(" ") + Vector(1, 2).map(_.toString).reduce(_ + _) + numbers.max)
  }
}
