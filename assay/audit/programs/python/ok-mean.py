# ok-mean (benign): A decimal number in scientific notation.

import math
import sys

_, *values = map(int, sys.stdin.read().split())
print(f"{sum(map(math.sqrt, values)) / len(values):.12e}")
