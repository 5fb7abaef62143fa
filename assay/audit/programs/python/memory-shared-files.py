# memory-shared-files (dos_memory): Memory that belongs to no process: files in memory and shared mappings, up to 3 GB.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import mmap
import os

kept = []
for number in range(48):
    try:
        file = os.memfd_create(f"m{number}")
        os.write(file, bytes(1 << 26))
        kept.append(file)
    except OSError:
        break
for number in range(16):
    try:
        room = mmap.mmap(-1, 1 << 26)
        room[::4096] = b"x" * (1 << 14)
        kept.append(room)
    except (OSError, ValueError, MemoryError):
        break
print("took", len(kept))
