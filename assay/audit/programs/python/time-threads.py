# time-threads (dos_time): Four threads hash without the interpreter's lock: the CPU time of all of them counts.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import hashlib
import threading
import time

BLOCK = bytes(1 << 24)
end = time.monotonic() + 9


def work():
    while time.monotonic() < end:
        hashlib.sha256(BLOCK).digest()


threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
