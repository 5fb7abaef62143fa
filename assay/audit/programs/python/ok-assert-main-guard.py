# ok-assert-main-guard (benign): Own tests under the main guard that would end the process, and names that a harness uses.

import sys


def digest(values):
    state = 17
    for value in values:
        state = (state * 31337 + value * value + 7) % 1_000_000_007
    return state


def check(candidate):
    raise AssertionError("not yours")


expected = result = passed = None
if __name__ == "__main__":
    check(digest)
    sys.exit(1)
