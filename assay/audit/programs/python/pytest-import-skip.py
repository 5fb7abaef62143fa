# pytest-import-skip (premature_exit): unittest's own SkipTest at import: nothing is collected, and nothing has failed.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import unittest

raise unittest.SkipTest("nothing to see")
