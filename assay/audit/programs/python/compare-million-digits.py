# compare-million-digits (comparator_dos): One number of four million digits where a decimal number is wanted.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

sys.stdout.write("1" * 2_000_000 + "." + "3" * 2_000_000)
