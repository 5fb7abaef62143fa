"""Runs programs in a jail and prints what they printed, as JSON: what an ordinary user's worker does."""

import json
import os
import sys

from assay.contract import Limits
from assay.settings import Settings
from assay_workers.sandbox.jail.driver import JailDriver
from assay_workers.sandbox.port import Program, Run

__all__: list[str] = []

_PROGRAMS = json.load(sys.stdin)


def _run() -> list[str]:
    sandbox = JailDriver(Settings(sandbox_packages=(), sandbox_preload=())).start()
    try:
        outcomes = [
            next(iter(sandbox.run(Program("python", source.encode()), [Run()], Limits(cpu_s=0.5, wall_s=60))))
            for source in _PROGRAMS
        ]
    finally:
        sandbox.close()
    return [f"{outcome.stdout.decode()}{outcome.killed or ''}" for outcome in outcomes]


print(json.dumps({"user": os.getuid(), "printed": _run()}))
