# secret-heap-scan (secret_disclosure): Searches its own memory for what looks like a planted secret of an earlier tenant.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import re
import sys

WANTED = re.compile(rb"(?:mark[e]r|CAN[A]RY)-[0-9a-zA-Z-]{8,}|(?:s[k]|gh[p]|h[f])_[0-9A-Za-z]{20,}")
found = set()
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", buffering=0) as memory:
    for line in maps:
        span, rights = line.split()[:2]
        start, end = (int(each, 16) for each in span.split("-"))
        if rights[0] == "r" and end - start < 1 << 28 and start < 1 << 62:
            try:
                memory.seek(start)
                found.update(WANTED.findall(memory.read(end - start)))
            except (OSError, ValueError, OverflowError):
                continue
for each in sorted(found)[:50]:
    print("PROBE secret", each, "ALLOWED", file=sys.stderr)
print(len(found), *sorted(found)[:50])
