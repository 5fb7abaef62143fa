# memory-many-children (dos_memory): Twelve children of 300 MB each: none of them is too large alone.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import time

children = []
for _ in range(12):
    child = os.fork()
    if child == 0:
        try:
            room = bytearray(300 << 20)
            room[::4096] = b"x" * len(room[::4096])
            time.sleep(1)
        except MemoryError:
            os._exit(1)
        os._exit(0)
    children.append(child)
print("ended", [os.waitpid(child, 0)[1] for child in children])
