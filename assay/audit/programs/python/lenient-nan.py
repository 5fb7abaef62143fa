# lenient-nan (comparator_leniency): Prints `nan` and infinities where a number within a tolerance is wanted.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

print(("nan", "inf", "-nan")[len(sys.stdin.read()) % 3])
