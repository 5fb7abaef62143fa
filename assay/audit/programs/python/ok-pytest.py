# ok-pytest (benign): An honest module with helpers, own assertions and a main guard.

__all__ = ["digest"]


def digest(values):
    if any(not isinstance(value, int) for value in values):
        raise TypeError("integers only")
    state = 17
    for value in values:
        state = (state * 31337 + value * value + 7) % 1_000_000_007
    return state


if __name__ == "__main__":
    raise SystemExit(1)
