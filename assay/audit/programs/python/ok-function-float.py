# ok-function-float (benign): A float by another order of operations.

import math


def mean_root(values):
    return math.fsum(value**0.5 / len(values) for value in reversed(values))
