# ok-function-odd-types (benign): Returns values that are plain at heart: an OrderedDict with an int subclass and a bool-free number.

import enum
from collections import OrderedDict


class Low(enum.IntEnum):
    ZERO = 0


def spread(values):
    state = 17
    for value in values:
        state = (state * 31337 + value * value + 7) % 1_000_000_007
    return OrderedDict(low=min(values) + Low.ZERO, high=max(values), digest=state)
