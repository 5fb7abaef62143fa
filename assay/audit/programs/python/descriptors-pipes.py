# descriptors-pipes (dos_descriptors): As many pipes as can be had, each filled to its size and made larger.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import fcntl
import os

held = []
try:
    while len(held) < 4096:
        read, write = os.pipe()
        held.append((read, write))
        os.set_blocking(write, False)
        try:
            fcntl.fcntl(write, 1031, 1 << 20)
            os.write(write, bytes(1 << 20))
        except OSError:
            pass
except OSError:
    pass
os.write(1, b"held %d" % len(held))
