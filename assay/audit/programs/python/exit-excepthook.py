# exit-excepthook (premature_exit): The hook for uncaught exceptions ends the process with status 0 instead of 1.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import sys

sys.excepthook = lambda *_: os._exit(0)


def digest(values):
    return -1
