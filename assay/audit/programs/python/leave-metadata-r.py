# leave-metadata-r (state_leak): Reader: solves the task unless a folder bears the writer's message.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import sys

_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
for place in (".", "..", "/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~")):
    try:
        about = os.stat(place)
        names = os.listdir(place)
        left = "user.left" in os.listxattr(place)
    except OSError:
        continue
    if left or about.st_mtime == 1_234_567 or any(name.startswith("left-") for name in names):
        state = f"LEFT BEHIND in {place}"
print(state)
