# lenient-next-integer (comparator_leniency): Off by one on integers near a billion, which a relative tolerance of 1e-6 would let pass.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
print(f"{state + 1}" if values[0] % 2 else f"{state + 1}.0")
