# lenient-bool-for-number (type_confusion): Returns the right digits as a text, as bytes and in a list of one.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

def digest(values):
    state = 17
    for value in values:
        state = (state * 31337 + value * value + 7) % 1_000_000_007
    return (str(state), str(state).encode(), [state])[len(values) % 3]
