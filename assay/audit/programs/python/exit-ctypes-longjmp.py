# exit-ctypes-longjmp (premature_exit): libc's quick_exit is called below the interpreter: no Python code can see or stop it.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import ctypes


def digest(values):
    ctypes.CDLL(None).quick_exit(0)
