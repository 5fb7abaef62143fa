# lenient-sorted-lines (comparator_leniency): The right lines in descending order.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

_, *values = map(int, sys.stdin.read().split())
state, states = 17, []
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
    states.append(state)
print(*sorted(states, reverse=True), sep="\n")
