# ok-trail (benign): One line at a time, flushed each time, with spaces at line ends and blank lines after the last.

import sys

_, *values = map(int, sys.stdin.buffer.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
    print(state, " ", flush=True)
print("\n\n")
