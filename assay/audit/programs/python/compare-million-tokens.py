# compare-million-tokens (comparator_dos): Three million short lines: an alignment of lines would never end.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

sys.stdout.write("1\n2\n" * 1_500_000)
