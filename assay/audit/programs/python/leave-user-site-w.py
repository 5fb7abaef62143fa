# leave-user-site-w (state_leak): Writer: plants start-up modules of the interpreter wherever it may write, to be imported by the program after it.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import site
import sys

TEXT = "import builtins\nbuiltins.LEFT_BEHIND = True\nprint('LEFT BEHIND')\n"
PLACES = {site.getusersitepackages(), os.getcwd(), os.path.dirname(os.getcwd()), "/tmp", "/dev/shm", *sys.path}
for place in PLACES:
    for name in ("sitecustomize.py", "usercustomize.py", "random.py", "left.pth"):
        try:
            os.makedirs(place or ".", exist_ok=True)
            with open(os.path.join(place or ".", name), "x") as target:
                target.write(TEXT if name.endswith(".py") else "import builtins; builtins.LEFT_BEHIND = True\n")
        except OSError:
            continue
print("written")
