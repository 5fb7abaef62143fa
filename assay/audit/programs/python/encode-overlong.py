# encode-overlong (output_encoding): The right digits in overlong UTF-8, among lone surrogates and bytes that are no text.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
for digit in str(state):
    sys.stdout.buffer.write(bytes((0xC0, 0x80 | ord(digit))) if digit in "13579" else digit.encode())
sys.stdout.buffer.write(b"\xed\xa0\x80\xff\xfe")
