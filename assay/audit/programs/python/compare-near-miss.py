# compare-near-miss (comparator_dos): Eight megabytes of nearly the same text, quadratic for whoever looks for differences or matches a pattern.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

sys.stdout.write(("a" * 1023 + "\n") * 8_000 + "(a+)+$")
