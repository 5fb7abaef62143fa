# probe-system-calls (sandbox_probe): Asks for the system calls through which kernels are attacked: io_uring, bpf, perf, userfaultfd, keys, modules.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import ctypes
import sys

if "NoNewPrivs:\t1" not in open("/proc/self/status").read():
    raise SystemExit("refused: no_new_privs is not set")

libc = ctypes.CDLL(None, use_errno=True)
room = ctypes.create_string_buffer(4096)
CALLS = {
    "io_uring_setup": (425, 4, room),
    "bpf": (321, 0, room, 72),
    "perf_event_open": (298, room, 0, -1, -1, 0),
    "userfaultfd": (323, 0),
    "keyctl": (250, 0, -3, 1),
    "add_key": (248, b"user", b"k", b"v", 1, -3),
    "init_module": (175, room, 16, b""),
    "kexec_load": (246, 0, 0, 0, 0),
    "open_by_handle_at": (304, -100, room, 0),
    "fanotify_init": (300, 0, 0),
    "pidfd_getfd": (438, 0, 0, 0),
    "syslog": (103, 3, room, 4096),
    "acct": (163, 0),
    "memfd_secret": (447, 0),
}
for name, (number, *arguments) in CALLS.items():
    if libc.syscall(number, *arguments) >= 0:
        print("PROBE", name, "ALLOWED", file=sys.stderr)
print("probed")
