# bomb-huge-integer (value_bomb): An integer of fifty million bits, which takes for ever to write in decimal.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

def digest(values):
    return 1 << 50_000_000
