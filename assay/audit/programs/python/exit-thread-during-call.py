# exit-thread-during-call (premature_exit): A thread exits with status 0 a moment later, while the main thread blocks inside the call.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import threading
import time


def digest(values):
    threading.Timer(0.05, os._exit, (0,)).start()
    time.sleep(3)
