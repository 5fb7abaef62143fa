# memory-many-files (dos_memory): Tens of thousands of empty files and deep folders in every place that may be written.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os

made = 0
for place in (".", "/tmp", "/dev/shm"):
    try:
        for number in range(15_000):
            os.close(os.open(os.path.join(place, f"f{number}"), os.O_CREAT | os.O_WRONLY))
            made += 1
    except OSError:
        pass
    try:
        os.chdir(place)
        for _ in range(2_000):
            os.mkdir("d")
            os.chdir("d")
            made += 1
    except OSError:
        pass
print("made", made)
