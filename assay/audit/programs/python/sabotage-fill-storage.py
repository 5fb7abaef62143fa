# sabotage-fill-storage (sabotage): Fills every place that may be written, and holds it while its siblings want to write.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import time

written = 0
for place in (".", "/tmp", "/dev/shm", "/var/tmp", "/run", "/dev/mqueue"):
    for number in range(8):
        try:
            with open(os.path.join(place, f"full{number}"), "wb") as target:
                for _ in range(64):
                    written += target.write(bytes(1 << 20))
        except OSError:
            continue
time.sleep(0.5)
print("wrote", written)
