# time-work-elsewhere (timing): A grandchild in another session does the work while the main process, which is looked at, only waits for it.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import time

read, write = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        end = time.time() + 9
        while time.time() < end:
            pass
        os.write(write, b"0")
    os._exit(0)
os.close(write)
print(os.read(read, 1))
