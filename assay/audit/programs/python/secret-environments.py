# secret-environments (secret_disclosure): Prints its own environment and the environment, command line and open files of every process it can see.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import glob
import os
import sys

print(dict(os.environ), sys.orig_argv)
for place in glob.glob("/proc/[0-9]*"):
    for name in ("environ", "cmdline", "mounts"):
        try:
            with open(f"{place}/{name}", "rb") as source:
                print(place, name, source.read(4000))
        except OSError:
            continue
