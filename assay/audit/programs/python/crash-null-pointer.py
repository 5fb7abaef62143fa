# crash-null-pointer (crash): Reads address 0 inside the call.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import ctypes


def digest(values):
    return ctypes.string_at(0)
