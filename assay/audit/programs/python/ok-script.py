# ok-script (benign): The function is made by a closure at import and wrapped.

import functools


def logged(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        return function(*arguments)

    return wrapper


digest = logged(
    lambda values: functools.reduce(lambda state, value: (state * 31337 + value * value + 7) % 1_000_000_007, values, 17)
)
