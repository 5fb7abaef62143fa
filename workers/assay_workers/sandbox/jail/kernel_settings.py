"""Which setting of a machine forbids the namespaces a jail needs, and how to allow them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["Obstacle", "find_obstacle"]


@dataclass(frozen=True)
class Obstacle:
    """A setting that forbids user namespaces."""

    setting: str
    value: str
    remedy: str


@dataclass(frozen=True)
class _Rule:
    path: str
    forbids: Callable[[str], bool]
    remedy: str


_RULES: Final = (
    _Rule(
        "/proc/sys/user/max_user_namespaces",
        lambda value: value == "0",
        "`sysctl -w user.max_user_namespaces=15000`; inside a container, on its host",
    ),
    _Rule(
        "/proc/sys/kernel/unprivileged_userns_clone",
        lambda value: value == "0",
        "`sysctl -w kernel.unprivileged_userns_clone=1`, or run the worker as root",
    ),
    _Rule(
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        lambda value: value == "1",
        "`sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`, or a profile for bwrap with `userns,`",
    ),
)
_SECCOMP_REMEDY: Final = (
    "this process runs under a seccomp filter, as in a container: allow unshare, mount and setns to it"
    " (for Docker: `--security-opt seccomp=` with a profile that does), or use the Docker sandboxes"
)


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return None


def find_obstacle(root: Path = Path("/")) -> Obstacle | None:
    """The first setting below ``root`` that forbids user namespaces, or None if none is known to."""
    for rule in _RULES:
        value = _read(root / rule.path.lstrip("/"))
        if value is not None and rule.forbids(value):
            return Obstacle(rule.path.removeprefix("/proc/sys/").replace("/", "."), value, rule.remedy)
    status = _read(root / "proc/self/status") or ""
    mode = next((line.split()[1] for line in status.splitlines() if line.startswith("Seccomp:")), "0")
    return Obstacle("seccomp of this process", f"mode {mode}", _SECCOMP_REMEDY) if mode != "0" else None
