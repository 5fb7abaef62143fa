# time-answer-then-burn (dos_time): The right answer at once, then endless work in an exit handler.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import atexit
import sys
import time

_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
print(state, flush=True)


@atexit.register
def burn():
    end = time.time() + 9
    while time.time() < end:
        pass
