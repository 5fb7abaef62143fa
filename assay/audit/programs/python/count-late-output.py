# count-late-output (accounting): The main process ends at once; a child prints the answer later, outside any time that is measured.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import sys
import time

_, *values = map(int, sys.stdin.read().split())
if os.fork() == 0:
    os.setsid()
    time.sleep(1.5)
    state = 17
    for value in values:
        state = (state * 31337 + value * value + 7) % 1_000_000_007
    print(state, flush=True)
os._exit(0)
