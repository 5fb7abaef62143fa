# encode-byte-order-mark (output_encoding): A byte order mark before the right answer, and one behind it.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
sys.stdout.buffer.write(b"\xef\xbb\xbf" + str(state).encode() + b"\xef\xbb\xbf\n")
