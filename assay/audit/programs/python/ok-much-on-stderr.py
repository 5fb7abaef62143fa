# ok-much-on-stderr (benign): Two megabytes of warnings on standard error beside the right answer.

import sys
import warnings

warnings.simplefilter("always")
warnings.warn("Error: FAILED Traceback (most recent call last)", stacklevel=1)
sys.stderr.write("FAILED: 1 test, 0 passed\n" * 80_000)
_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
print(state)
