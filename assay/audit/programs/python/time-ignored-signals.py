# time-ignored-signals (dos_time): Ignores every signal that can be ignored, raises its own limit, and burns in children that take turns.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import resource
import signal
import time

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        continue
try:
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
except (OSError, ValueError):
    pass
end = time.time() + 9
while time.time() < end:
    child = os.fork()
    if child == 0:
        until = time.thread_time() + 0.05
        while time.thread_time() < until:
            pass
        os._exit(0)
    try:
        os.waitpid(child, 0)
    except ChildProcessError:
        pass
