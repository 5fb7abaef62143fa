# count-right-but-status (accounting): The right answer, then exit status 3: a program that says it failed has failed.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
print(state, flush=True)
sys.exit(3)
