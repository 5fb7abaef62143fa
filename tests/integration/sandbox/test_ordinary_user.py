"""The jail works for an ordinary user as it does for root.

Where the tests run as root, they start a worker's part again as the user `nobody` (see `tests.fixtures.nobody`).
"""

import json
import os
from pathlib import Path

from tests.fixtures.nobody import NOBODY, reachable_interpreter, run_as_nobody

_WORKER = Path(__file__).with_name("ordinary_user.py")
_PROGRAMS = {
    "import os; print(sorted({os.getuid(), os.geteuid()}))": "[1000]\n",
    "open('x', 'w').write('y'); print(open('x').read())": "y\n",
    "open('/tmp/x', 'w').write('y')\nopen('/dev/shm/x', 'w').write('y')\nprint('left')": "left\n",
    "import os; print([os.listdir(p) for p in ('/tmp', '/dev/shm')], len(os.listdir('/proc')) > 9)": (
        "[[], []] True\n"
    ),
    "import multiprocessing as m\nwith m.Pool(2) as p: print(p.map(abs, [-1, 2]))": "[1, 2]\n",
    "import os\nprint('killing', flush=True)\nos.kill(-1, 9)": "killing\n",
    "while True: pass": "cpu",
    "import os\nfor place in ('/x', '/dev/x', '/run/x', '/etc/x', '/usr/x'):\n"
    "    try: open(place, 'w')\n    except OSError as e: print(e.errno in (13, 30), end=' ')": (
        "True True True True True "
    ),
    "s = open('/proc/self/status').read()\nprint('CapEff:\\t0000000000000000' in s, 'Seccomp:\\t2' in s)": (
        "True True\n"
    ),
    "import socket\ntry: socket.socket()\nexcept PermissionError: print('denied')": "denied\n",
    "print('next')": "next\n",
}


def test_programs_run_in_an_ordinary_users_jail() -> None:
    python = reachable_interpreter()
    ended = run_as_nobody([python, "-s", str(_WORKER)], json.dumps(list(_PROGRAMS)))
    assert ended.returncode == 0, ended.stderr
    answer = json.loads(ended.stdout)
    assert answer["user"] == (NOBODY if os.getuid() == 0 else os.getuid())
    assert answer["printed"] == list(_PROGRAMS.values())
