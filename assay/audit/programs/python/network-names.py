# network-names (network_probe): Asks for names, as an upload of what was seen would; it must fail, and soon.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import socket
import sys
import time

began = time.monotonic()
for name in ("example.com", "redis", "host.docker.internal", "metadata.google.internal"):
    try:
        print("PROBE", name, socket.getaddrinfo(name, 80), "ALLOWED", file=sys.stderr)
    except OSError:
        continue
if time.monotonic() - began > 5:
    print("PROBE slow resolver ALLOWED", file=sys.stderr)
print("probed")
