# count-none-for-zero (accounting): Returns NaN, which a mean over tests would turn into no number at all.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

def mean_root(values):
    return float("nan")
