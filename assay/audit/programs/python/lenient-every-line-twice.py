# lenient-every-line-twice (comparator_leniency): Every right line twice: a comparison of sets would not see it.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
    print(state)
    print(state)
