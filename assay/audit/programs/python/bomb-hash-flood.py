# bomb-hash-flood (comparator_dos): A dict with eight thousand integer keys that all have the same hash, quadratic for whoever rebuilds it.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

class Free(int):
    def __hash__(self):
        return self


def spread(values):
    return dict(zip(map(Free, range(2**61 - 1, (2**61 - 1) * 8_000, 2**61 - 1)), [0] * 7_999))
