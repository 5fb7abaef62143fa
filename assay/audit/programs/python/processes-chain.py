# processes-chain (dos_processes): A chain of processes, each of which starts the next and ends: a search through /proc never catches up.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import time

end = time.time() + 6
if os.fork():
    time.sleep(5)
    os._exit(0)
os.setsid()
while time.time() < end:
    try:
        if os.fork():
            os._exit(0)
    except OSError:
        time.sleep(0.001)
