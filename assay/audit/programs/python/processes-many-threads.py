# processes-many-threads (dos_processes): As many threads and processes as can be had, all of which wait.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import threading
import time

made = 0
for _ in range(400):
    try:
        threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
        made += 1
    except RuntimeError:
        break
for _ in range(200):
    try:
        if os.fork() == 0:
            time.sleep(3)
            os._exit(0)
        made += 1
    except OSError:
        break
print("made", made)
