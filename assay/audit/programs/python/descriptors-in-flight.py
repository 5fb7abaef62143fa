# descriptors-in-flight (dos_descriptors): Descriptors that travel inside of sockets that travel inside of sockets, which no limit of a process counts.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import array
import socket

sent = 0
try:
    left, right = socket.socketpair()
    while sent < 4000:
        inner = socket.socketpair()
        rights = array.array("i", [left.fileno(), right.fileno()])
        inner[0].setblocking(False)
        inner[0].sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        left, right = inner
        sent += 2
except OSError:
    pass
print("sent", sent)
