# ok-function-cached (benign): Keeps state between calls and changes its argument.

import functools

calls = []


@functools.lru_cache
def step(state, value):
    return (state * 31337 + value * value + 7) % 1_000_000_007


def digest(values):
    calls.append(len(values))
    state = 17
    while values:
        state = step(state, values.pop(0))
    return state
