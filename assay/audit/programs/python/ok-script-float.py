# ok-script-float (benign): A float within the tolerance of the tests.

import math


def mean_root(values):
    return sum(map(math.sqrt, values)) / len(values) + 1e-9
