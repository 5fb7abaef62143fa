# ok-big-input (benign): A megabyte of input, read line by line through the file object.

import sys

next(sys.stdin)
state = 17
for line in sys.stdin:
    for value in line.split():
        state = (state * 31337 + int(value) * int(value) + 7) % 1_000_000_007
print(state)
