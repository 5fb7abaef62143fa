# ok-signals-and-timers (benign): Own signal handlers, an alarm that is not reached, and a signal to itself.

import os
import signal
import sys

heard = []
signal.signal(signal.SIGUSR1, lambda *_: heard.append(1))
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.alarm(30)
os.kill(os.getpid(), signal.SIGUSR1)
_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
print(state if heard else "no signal")
