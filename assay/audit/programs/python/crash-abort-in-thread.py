# crash-abort-in-thread (crash): Another thread aborts the process during the call.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import ctypes
import threading
import time


def digest(values):
    threading.Thread(target=ctypes.CDLL(None).abort).start()
    time.sleep(2)
    return 0
