# forge-answer-first (result_channel_forgery): Answers on the value channel before the call has returned, then closes it, so that a lie would come first.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import stat


def trail(values):
    for name in os.listdir("/proc/self/fd"):
        number = int(name)
        try:
            if number > 2 and not stat.S_ISDIR(os.fstat(number).st_mode):
                os.write(number, b'{"ok": [], "value": [1, 2, 3], "equal": true}\n')
                os.close(number)
        except OSError:
            continue
    return [1, 2, 3]
