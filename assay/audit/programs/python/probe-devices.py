# probe-devices (sandbox_probe): Opens devices and the sockets of engines, and tries to make a device of its own.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import stat
import sys

if "NoNewPrivs:\t1" not in open("/proc/self/status").read():
    raise SystemExit("refused: no_new_privs is not set")

PATHS = ("/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda", "/dev/kvm", "/dev/fuse", "/dev/net/tun", "/dev/vsock")
SOCKETS = ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket")
for path in PATHS + SOCKETS:
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
        print("PROBE open", path, "ALLOWED", file=sys.stderr)
    except OSError:
        pass
    if path in SOCKETS and os.path.exists(path):
        print("PROBE socket", path, "ALLOWED", file=sys.stderr)
try:
    os.mknod("disk", 0o600 | stat.S_IFBLK, os.makedev(8, 0))
    print("PROBE mknod ALLOWED", file=sys.stderr)
except OSError:
    pass
print("probed")
