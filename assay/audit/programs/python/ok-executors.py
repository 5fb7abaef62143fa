# ok-executors (benign): Thread and process pools of the standard library.

import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def square(value):
    return value * value


if __name__ == "__main__":
    _, *values = map(int, sys.stdin.read().split())
    with ProcessPoolExecutor(2) as processes, ThreadPoolExecutor(2) as threads:
        squares = list(processes.map(square, values))
        assert squares == list(threads.map(square, values))
    state = 17
    for each in squares:
        state = (state * 31337 + each + 7) % 1_000_000_007
    print(state)
