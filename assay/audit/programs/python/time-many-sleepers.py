# time-many-sleepers (dos_time): Twenty children that sleep, and a parent that waits for them: no CPU time at all.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import time

for _ in range(20):
    if os.fork() == 0:
        time.sleep(9)
        os._exit(0)
for _ in range(20):
    os.wait()
