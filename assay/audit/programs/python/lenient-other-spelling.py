# lenient-other-spelling (comparator_leniency): The right integer spelt as Python would also read it: with underscores and as a hexadecimal.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
print(hex(state) if values[0] % 2 else f"{state:_}")
