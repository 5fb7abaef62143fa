# sabotage-stop-everyone (sabotage): Stops, then kills, whatever it may signal: siblings, parents, process 1.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import signal

if "NoNewPrivs:\t1" not in open("/proc/self/status").read():
    raise SystemExit("refused: no_new_privs is not set")

for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGQUIT, signal.SIGKILL):
    for target in (-1, 0, 1, os.getppid(), *range(2, 60)):
        if target == 0 or target == os.getpid():
            continue
        try:
            os.kill(target, number)
        except OSError:
            continue
print("done")
