# ok-maps-input (benign): Maps standard input into memory, seeks in it and reads it again.

import mmap
import os
import sys

with mmap.mmap(0, os.fstat(0).st_size, access=mmap.ACCESS_READ) as room:
    first = room[:].split()
os.lseek(0, 0, os.SEEK_SET)
assert first == sys.stdin.buffer.read().split()
state = 17
for value in map(int, first[1:]):
    state = (state * 31337 + value * value + 7) % 1_000_000_007
os.write(1, b"%d\n" % state)
