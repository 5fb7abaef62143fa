val blocks = mutableListOf<ByteArray>()
while (true) blocks.add(ByteArray(8 shl 20))
