# encode-utf16 (output_encoding): The right answer in UTF-16, as a guesser of encodings would read it.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
sys.stdout.buffer.write(str(state).encode("utf-16"))
