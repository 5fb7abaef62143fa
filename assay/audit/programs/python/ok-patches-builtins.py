# ok-patches-builtins (benign): Redefines print, input, open and sys.stdout for itself, as templates for contests do.

import io
import sys

input = io.BytesIO(sys.stdin.buffer.read()).readline
sys.stdout, real = io.StringIO(), sys.stdout
print = sys.stdout.write
open = None
input()
state = 17
for value in map(int, input().split()):
    state = (state * 31337 + value * value + 7) % 1_000_000_007
print(str(state))
real.write(sys.stdout.getvalue())
