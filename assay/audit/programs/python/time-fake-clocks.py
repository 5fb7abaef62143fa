# time-fake-clocks (timing): Every clock of the interpreter stands still, and alarms are taken off, while the work goes on.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import signal
import time

really = time.monotonic
end = really() + 9
for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
    setattr(time, name, lambda: 0.0)
    setattr(time, name + "_ns", lambda: 0)
os.times = lambda: (0.0,) * 5


def digest(values):
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.alarm(0)
    while really() < end:
        pass
    return 0
