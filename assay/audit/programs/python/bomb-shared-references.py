# bomb-shared-references (value_bomb): A list of 60 levels, each twice the one below by reference: small in memory, endless when written out.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

def trail(values):
    value = [0]
    for _ in range(60):
        value = [value, value]
    return value
