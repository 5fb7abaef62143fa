# ok-reads-itself (benign): Reads its own source and looks at frames and modules, as some debugging aids do.

import gc
import inspect
import sys

SOURCE = open(__file__).read()
assert "SOURCE" in SOURCE
assert inspect.currentframe().f_code.co_name == "<module>"
assert sys.modules["__main__"].SOURCE is SOURCE
gc.get_objects()
_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
print(state)
