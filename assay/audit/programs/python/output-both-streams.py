# output-both-streams (dos_output): Half a gigabyte on both streams at the same time, in pieces that split characters.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import threading


def flood(number):
    piece = "€".encode() * 30_001
    try:
        for _ in range(3_000):
            os.write(number, piece[:65_535])
    except OSError:
        pass


other = threading.Thread(target=flood, args=(2,))
other.start()
flood(1)
other.join()
