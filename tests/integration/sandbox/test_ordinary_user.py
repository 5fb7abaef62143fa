"""The jail works for an ordinary user as it does for root.

Where the tests run as root, they start a worker's part again as the user `nobody`, under an interpreter that
user can reach: the system's own, if it is of our version, with our packages. Where there is none, the test
says loudly that it did not run; in CI it fails instead.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

_NOBODY = 65534
_PROJECT = Path(__file__).parents[3]
_FOLDERS = (_PROJECT, _PROJECT / "workers", _PROJECT / "sandbox-images" / "agent")
_PACKAGES = tuple(path for path in sys.path if path.endswith("site-packages"))
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


def _decline(reason: str) -> NoReturn:
    message = f"DID NOT RUN: {reason}"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(message)
    pytest.skip(message)


def _version(python: str) -> str:
    try:
        return _run_as_nobody([python, "-S", "-c", "import sys; print(sys.version_info[:2])"]).stdout.strip()
    except OSError:
        return ""


def _run_as_nobody(command: list[str], given: str = "") -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([*map(str, _FOLDERS), *_PACKAGES])
    nobody = _NOBODY if os.getuid() == 0 else None
    return subprocess.run(
        command,
        input=given,
        env={"PYTHONPATH": path, "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        user=nobody,
        group=nobody,
        extra_groups=None if nobody is None else [],
    )


def _reachable_interpreter() -> str:
    wanted = str(sys.version_info[:2])
    candidates = (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}", "/usr/bin/python3")
    for python in candidates:
        if _version(python) == wanted:
            return python
    _decline(f"no interpreter of version {wanted} can be reached by an ordinary user")


def test_programs_run_in_an_ordinary_users_jail() -> None:
    python = _reachable_interpreter()
    unreadable = [str(folder) for folder in (*_FOLDERS, *map(Path, _PACKAGES)) if not _can_be_read(folder)]
    if unreadable:
        _decline(f"an ordinary user cannot read {', '.join(unreadable)}")
    ended = _run_as_nobody([python, "-s", str(_WORKER)], json.dumps(list(_PROGRAMS)))
    assert ended.returncode == 0, ended.stderr
    answer = json.loads(ended.stdout)
    assert answer["user"] == (_NOBODY if os.getuid() == 0 else os.getuid())
    assert answer["printed"] == list(_PROGRAMS.values())


def _can_be_read(folder: Path) -> bool:
    """Whether everybody may pass to ``folder`` and read it."""
    return os.getuid() != 0 or all(place.stat().st_mode & 0o005 == 0o005 for place in (folder, *folder.parents))
