# exit-exec-true (premature_exit): The process becomes /bin/true in the first call: status 0, and no assertion has run.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os


def digest(values):
    os.execv("/bin/true", ["true"])
