"""The machine as workers share it: they all run tests at the same time, unless one of them needs it to itself.

The workers that keep their data in one place see each other through two locked files; others do not. Whoever
wants the machine first closes the gate, so that no further test begins, and then waits for those that run. It
does not wait for ever: a test that takes long is not worth stopping everybody for.
"""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog

__all__ = ["Machine"]

_log = structlog.get_logger(__name__)
_PATIENCE_S: Final = 10.0
_LOOK_EVERY_S: Final = 0.005


class Machine:
    """One worker's hold on the machine."""

    def __init__(self, folder: Path | None = None) -> None:
        """Workers with the same ``folder`` share a machine; without one there is nobody to share it with."""
        self._gate, self._tests = (
            (None, None) if folder is None else (_open(folder, "gate"), _open(folder, "tests"))
        )

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Within it a test may run; it waits while another worker has the machine to itself."""
        if self._gate is None or self._tests is None:
            yield
            return
        fcntl.flock(self._gate, fcntl.LOCK_SH)
        fcntl.flock(self._tests, fcntl.LOCK_SH)
        fcntl.flock(self._gate, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(self._tests, fcntl.LOCK_UN)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Within it no other worker begins a test; True if none runs one any more."""
        if self._gate is None or self._tests is None:
            yield True
            return
        until = time.monotonic() + _PATIENCE_S
        try:
            closed = _lock(self._gate, until)
            yield closed and _lock(self._tests, until)
        finally:
            fcntl.flock(self._tests, fcntl.LOCK_UN)
            fcntl.flock(self._gate, fcntl.LOCK_UN)

    def close(self) -> None:
        """Lets go of it."""
        for descriptor in (self._gate, self._tests):
            if descriptor is not None:
                os.close(descriptor)
        self._gate = self._tests = None


def _lock(descriptor: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(_LOOK_EVERY_S)
        else:
            return True


def _open(folder: Path, name: str) -> int | None:
    """The file of a lock, in ``folder`` or where that cannot be written in a place of this user's own."""
    for place in (folder, Path(tempfile.gettempdir()) / f"assay-{os.getuid()}"):
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(
                place / f"machine.{name}", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
            )
        except OSError as error:
            _log.debug("machine_lock_not_there", place=str(place), error=str(error))
            continue
        if os.fstat(descriptor).st_uid == os.getuid():
            return descriptor
        os.close(descriptor)
    _log.warning("machine_not_shared", hint="no folder for locks can be written; tests in doubt run beside others")
    return None
