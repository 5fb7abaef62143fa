# lenient-unicode-space (comparator_leniency): The right numbers, separated by spaces and line ends that only Unicode knows.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

_, *values = map(int, sys.stdin.read().split())
state, states = 17, []
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
    states.append(str(state))
sys.stdout.buffer.write("\u2028".join(states).replace("\u2028", "\u2028\u00a0", 1).encode())
