object Main {
  def main(args: Array[String]): Unit = {
    var blocks = List.empty[Array[Byte]]
    while (true) blocks = new Array[Byte](8 << 20) :: blocks
  }
}
