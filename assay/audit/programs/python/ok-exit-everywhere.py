# ok-exit-everywhere (benign): Leaves by SystemExit out of nested functions, with exit handlers that print the answer.

import atexit
import sys

answer = []
atexit.register(lambda: print(*answer))


def main():
    _, *values = map(int, sys.stdin.read().split())
    state = 17
    for value in values:
        state = (state * 31337 + value * value + 7) % 1_000_000_007
    answer.append(state)
    try:
        exit(0)
    finally:
        pass


main()
