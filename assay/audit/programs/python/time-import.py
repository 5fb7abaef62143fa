# time-import (timing): The time goes before the first call, at import, where a clock around calls would not see it.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import time

end = time.time() + 9
while time.time() < end:
    pass


def digest(values):
    return 0
