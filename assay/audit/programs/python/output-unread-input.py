# output-unread-input (dos_pipe): Never reads its megabyte of input and closes it: whoever writes it first must not block or fail.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os

os.close(0)
print("no")
