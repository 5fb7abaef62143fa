# output-empty-lines (dos_output): Sixty-four million line ends, which a comparison that ignores blank lines still has to carry.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

for _ in range(64):
    sys.stdout.write("\n" * 1_000_000)
print("no")
