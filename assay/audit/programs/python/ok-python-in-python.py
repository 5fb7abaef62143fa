# ok-python-in-python (benign): Starts another interpreter and a shell, and reads what they print.

import subprocess
import sys

_, *values = map(int, sys.stdin.read().split())
squares = subprocess.run(
    [sys.executable, "-c", "import sys\nfor line in sys.stdin: print(int(line) ** 2)"],
    input="\n".join(map(str, values)),
    capture_output=True,
    text=True,
    check=True,
).stdout.split()
state = 17
for each in map(int, squares):
    state = (state * 31337 + each + 7) % 1_000_000_007
print(subprocess.check_output(["sh", "-c", f"echo {state} | tr -d ' '"], text=True))
