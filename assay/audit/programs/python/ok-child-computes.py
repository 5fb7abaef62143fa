# ok-child-computes (benign): A child computes and answers through a pipe; the parent waits for it.

import os
import sys

_, *values = map(int, sys.stdin.read().split())
read, write = os.pipe()
child = os.fork()
if child == 0:
    state = 17
    for value in values:
        state = (state * 31337 + value * value + 7) % 1_000_000_007
    os.write(write, str(state).encode())
    os._exit(0)
os.waitpid(child, 0)
print(os.read(read, 100).decode())
