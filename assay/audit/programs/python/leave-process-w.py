# leave-process-w (state_leak): Writer: leaves a renamed process in a session of its own, which holds a port, a socket and a pipe.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import ctypes
import os
import socket
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(15, b"leftbehind", 0, 0, 0)
        for number in range(3):
            os.close(number)
        listener = socket.socket(socket.AF_UNIX)
        try:
            listener.bind("\0left-behind")
            listener.listen()
        except OSError:
            pass
        time.sleep(8)
    os._exit(0)
time.sleep(0.1)
print("left")
