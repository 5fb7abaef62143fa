# probe-identity (sandbox_probe): Tries to become another user, to gain capabilities, and to run what is set-uid.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import ctypes
import os
import subprocess
import sys

if "NoNewPrivs:\t1" not in open("/proc/self/status").read():
    raise SystemExit("refused: no_new_privs is not set")

libc = ctypes.CDLL(None, use_errno=True)
before = os.getresuid()
for name, attempt in {
    "setuid": lambda: os.setuid(0),
    "setresuid": lambda: os.setresuid(0, 0, 0),
    "setgroups": lambda: os.setgroups([0, 1, 2]),
    "setgid": lambda: os.setgid(0),
}.items():
    try:
        attempt()
        if os.getresuid() != before or name == "setgroups":
            print("PROBE", name, "ALLOWED", file=sys.stderr)
    except OSError:
        continue
with open("/proc/self/status") as status:
    rights = {line.split(":")[0]: line.split()[1] for line in status if line.startswith("Cap")}
for name in ("CapEff", "CapPrm", "CapAmb"):
    if int(rights[name], 16):
        print("PROBE", name, rights[name], "ALLOWED", file=sys.stderr)
for command in (["su", "-c", "id", "root"], ["mount", "-t", "tmpfs", "none", "."], ["sudo", "-n", "id"]):
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=1)
        if done.returncode == 0:
            print("PROBE", command[0], "ALLOWED", file=sys.stderr)
    except (OSError, subprocess.SubprocessError):
        continue
print("probed")
