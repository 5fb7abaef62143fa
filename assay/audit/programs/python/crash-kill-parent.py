# crash-kill-parent (crash): Kills the process that has started it, in the hope that nobody is left to judge.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import signal

if "NoNewPrivs:\t1" not in open("/proc/self/status").read():
    raise SystemExit("refused: no_new_privs is not set")

def digest(values):
    for number in (signal.SIGTERM, signal.SIGSEGV, signal.SIGKILL):
        for target in (os.getppid(), 1, -os.getpgrp()):
            try:
                os.kill(target, number)
            except OSError:
                continue
    return 0
