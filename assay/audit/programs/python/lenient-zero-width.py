# lenient-zero-width (comparator_leniency): The right digits with a zero-width joiner and a soft hyphen among them.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
digits = str(state)
sys.stdout.buffer.write(f"{digits[:2]}\u200d{digits[2:4]}\u00ad{digits[4:]}\n".encode())
