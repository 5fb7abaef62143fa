# encode-backspaces (output_encoding): The right answer only on a terminal, which obeys backspaces, returns and escape sequences.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
sys.stdout.write(f"wrong\r\x1b[2K\x1b]0;title\x07{str(state)[0]}9\b{str(state)[1:]}\x1b[0m\n")
