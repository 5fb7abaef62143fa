# output-child-keeps-pipe (dos_pipe): The main process ends; a child keeps both streams open, so that whoever waits for their end waits for ever.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import time

if os.fork() == 0:
    os.setsid()
    time.sleep(9)
os._exit(0)
