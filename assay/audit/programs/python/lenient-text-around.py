# lenient-text-around (comparator_leniency): The right answer inside of a sentence, with every other number of one digit beside it.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
print("The answer is", state, "or maybe", *range(10))
