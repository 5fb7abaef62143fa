"""Examines whether this machine can jail programs, and says what to do where it cannot."""

import os
from pathlib import Path

from assay.errors import SandboxError
from assay.settings import Settings, load_settings
from assay_agent import landlock, seccomp
from assay_workers.sandbox.finding import Finding, find_by_running
from assay_workers.sandbox.jail.bubblewrap import find_bubblewrap
from assay_workers.sandbox.jail.driver import JailDriver
from assay_workers.sandbox.jail.kernel_settings import find_obstacle
from assay_workers.sandbox.jail.tools import answers_in, seems_there
from assay_workers.sandbox.languages import languages

__all__ = ["diagnose"]


def diagnose(settings: Settings | None = None) -> list[Finding]:
    """Looks at everything a jail needs, and then runs a program in one."""
    settings = settings or load_settings()
    return [
        _bubblewrap(),
        _namespaces(),
        _machine(),
        _landlock(settings),
        _core_dumps(),
        _languages(settings),
        _jail(settings),
    ]


def _bubblewrap() -> Finding:
    try:
        return Finding("bubblewrap", True, str(find_bubblewrap()))
    except SandboxError as error:
        return Finding("bubblewrap", False, error.message, error.hint)


def _namespaces() -> Finding:
    obstacle = find_obstacle()
    if obstacle is None:
        return Finding("user namespaces", True, "no setting forbids them")
    return Finding("user namespaces", False, f"{obstacle.setting} is {obstacle.value}", obstacle.remedy)


def _machine() -> Finding:
    machine = os.uname().machine
    known = seccomp.supported(machine)
    return Finding("seccomp filter", known, f"for {machine}", None if known else "use an x86_64 or aarch64 machine")


def _landlock(settings: Settings) -> Finding:
    abi = landlock.abi_version()
    detail = f"ABI {abi}" if abi else "not in this kernel: cells rely on namespaces and seccomp alone"
    return Finding(
        "Landlock",
        abi > 0 or settings.sandbox_landlock == "auto",
        detail,
        "boot with `lsm=landlock,…`, or set sandbox_landlock to 'auto'",
    )


def _core_dumps() -> Finding:
    try:
        pattern = Path("/proc/sys/kernel/core_pattern").read_text(encoding="utf-8").strip()
    except OSError:
        pattern = ""
    detail = "piped to a handler; cells are started without core dumps" if pattern.startswith("|") else "not piped"
    return Finding("core dumps", True, detail)


def _languages(settings: Settings) -> Finding:
    """Which languages the jail runs besides Python; none is broken for want of others."""
    try:
        sandbox = JailDriver(settings).start()
    except SandboxError:
        return Finding("languages", True, "none without a jail")
    try:
        there = [row.name for row in languages().values() if seems_there(row) and answers_in(sandbox, row)]
    finally:
        sandbox.close()
    return Finding("languages", True, ", ".join(there))


def _jail(settings: Settings) -> Finding:
    try:
        start = JailDriver(settings).start
    except SandboxError as error:
        return Finding("a jail", False, error.message, error.hint)
    return find_by_running("a jail", start)
