# leave-user-site-r (state_leak): Reader: solves the task unless its interpreter was prepared by the program before.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import builtins
import random
import sys

_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
print("LEFT BEHIND" if hasattr(builtins, "LEFT_BEHIND") or not hasattr(random, "Random") else state)
