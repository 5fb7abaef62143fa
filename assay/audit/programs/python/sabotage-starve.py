# sabotage-starve (sabotage): Eight processes that thrash caches and buses, with the highest priority they can get, to slow the neighbours down.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import time

for number in range(8):
    if number == 7 or os.fork() == 0:
        try:
            os.nice(-20)
        except OSError:
            pass
        room = bytearray(8 << 20)
        end = time.time() + 8
        while time.time() < end:
            room[::64] = room[::-64]
        break
