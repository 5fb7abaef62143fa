# ok-function-own-equality (benign): Uses classes with comparison operators inside, and returns plain values in a tuple.

import functools


@functools.total_ordering
class State:
    def __init__(self, number):
        self.number = number

    def __eq__(self, other):
        return isinstance(other, State) and self.number == other.number

    def __lt__(self, other):
        return self.number < other.number

    def __hash__(self):
        return hash(self.number)


def trail(values):
    states = [State(17)]
    for value in values:
        states.append(State((states[-1].number * 31337 + value * value + 7) % 1_000_000_007))
    assert max(states) in states
    return tuple(state.number for state in states[1:])
