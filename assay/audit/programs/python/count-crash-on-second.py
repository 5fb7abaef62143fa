# count-crash-on-second (accounting): Crashes the interpreter on the second test, is right on the others: two thirds, not nothing and not all.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import signal
import sys

_, *values = map(int, sys.stdin.read().split())
if len(values) == 7:
    os.kill(os.getpid(), signal.SIGSEGV)
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
print(state)
