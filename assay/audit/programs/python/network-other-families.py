# network-other-families (network_probe): Asks for sockets of the families that a network namespace does not confine or that speak to the kernel.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import socket
import sys

FAMILIES = {"netlink": 16, "packet": 17, "vsock": 40, "alg": 38, "xdp": 44, "bluetooth": 31, "tipc": 30, "can": 29}
for name, family in FAMILIES.items():
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        try:
            socket.socket(family, kind).close()
            print("PROBE", name, kind, "ALLOWED", file=sys.stderr)
        except OSError:
            continue
print("probed")
