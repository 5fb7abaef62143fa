# exit-timer-signal (premature_exit): A timer's signal handler exits with status 0 while the call is still running.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import signal


def digest(values):
    signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    while True:
        signal.pause()
