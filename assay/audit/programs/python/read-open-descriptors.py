# read-open-descriptors (expected_output_disclosure): Reads whatever is behind the descriptors it has inherited, its own input's other offsets included.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import sys

for number in range(256):
    try:
        size = os.fstat(number).st_size
        found = os.pread(number, 1 << 16, 0) if size else b""
        print("PROBE", number, os.readlink(f"/proc/self/fd/{number}"), size, file=sys.stderr)
        if b"expected" in found:
            print(found.decode(errors="replace"))
    except OSError:
        continue
print("nothing")
