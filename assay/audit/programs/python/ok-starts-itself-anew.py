# ok-starts-itself-anew (benign): Executes itself again with another option, as programs do that need a larger stack or hash seed.

import os
import sys

if "again" not in sys.argv:
    os.execv(sys.executable, [sys.executable, "-B", os.path.abspath(__file__), "again"])
_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
print(state)
