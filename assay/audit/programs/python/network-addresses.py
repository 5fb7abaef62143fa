# network-addresses (network_probe): Tries to reach the loopback, a test network and a cloud's metadata, by TCP, UDP and raw sockets.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import socket
import sys

TARGETS = (("127.0.0.1", 6379), ("127.0.0.1", 8000), ("127.0.0.1", 2375), ("192.0.2.1", 80), ("169.254.169.254", 80))
for family, kind in ((2, 1), (2, 2), (10, 1), (2, 3), (17, 3)):
    for host, port in TARGETS:
        try:
            with socket.socket(family, kind) as each:
                each.settimeout(0.2)
                each.connect((host, port))
                each.send(b"PING\r\n")
                print("PROBE", family, kind, host, port, "ALLOWED", file=sys.stderr)
        except (OSError, ValueError, TypeError):
            continue
print("probed")
