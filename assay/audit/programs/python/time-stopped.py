# time-stopped (dos_time): Stops itself: it neither runs nor ends.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
