# crash-bad-code (crash): Runs bytecode that no compiler would write.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

def wild():
    return 0


def digest(values):
    wild.__code__ = wild.__code__.replace(co_code=bytes([100, 250, 83, 0] * 4), co_consts=())
    return wild()
