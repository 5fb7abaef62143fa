# ok-deep-thread (benign): Recursion in a thread with a large stack, the usual way round Python's limits.

import sys
import threading

sys.setrecursionlimit(1 << 20)
threading.stack_size(128 << 20)


def work(values, state, place):
    if place == len(values):
        return state
    return work(values, (state * 31337 + values[place] ** 2 + 7) % 1_000_000_007, place + 1)


def main():
    _, *values = map(int, sys.stdin.read().split())
    padded = [0] * 20_000
    assert work(padded, 17, 0) >= 0
    print(work(values, 17, 0))


thread = threading.Thread(target=main)
thread.start()
thread.join()
