# leave-metadata-w (state_leak): Writer: leaves a message in times, modes, extended attributes and locks of folders that outlive a file.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import fcntl
import os

for place in (".", "..", "/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~")):
    for deed in (
        lambda: os.utime(place, (1_234_567, 1_234_567)),
        lambda: os.setxattr(place, "user.left", b"behind"),
        lambda: os.chmod(place, 0o1757),
        lambda: fcntl.flock(os.open(place, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB),
        lambda: os.makedirs(os.path.join(place, "left-behind"), exist_ok=True),
        lambda: os.symlink("/etc/passwd", os.path.join(place, "left-link")),
        lambda: os.mkfifo(os.path.join(place, "left-fifo")),
    ):
        try:
            deed()
        except OSError:
            continue
print("written")
