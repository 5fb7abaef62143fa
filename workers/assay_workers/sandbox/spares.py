"""Sandboxes started ahead of need, for where every submission gets one of its own.

A thread starts them while the worker grades, so that a submission seldom waits for the start of a container.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from assay.errors import SandboxError, SandboxLost
from assay_workers.sandbox.port import Sandbox

__all__ = ["Spares"]


class Spares:
    """Keeps up to ``count`` sandboxes ready; `start` hands one out."""

    def __init__(self, start: Callable[[], Sandbox], count: int) -> None:
        self._start = start
        self._count = count
        self._ready: deque[Future[Sandbox]] = deque()
        self._executor: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    def start(self) -> Sandbox:
        """A sandbox that nobody has used; others are started meanwhile.

        Those that died while they waited, or were killed before they came up, are passed over.

        Raises:
            SandboxRefused: none can be started here.
            SandboxLost: one after the other did not come up.
        """
        for _ in range(self._count + 1):
            with suppress(SandboxLost):
                sandbox = self._next()
                if sandbox.is_alive():
                    return sandbox
                sandbox.close()
        return self._next()

    def _next(self) -> Sandbox:
        with self._lock:
            self._fill(self._count + 1)
            first = self._ready.popleft()
        return first.result()

    def close(self) -> None:
        """Ends what nobody has used."""
        with self._lock:
            waiting, self._ready = self._ready, deque()
            executor, self._executor = self._executor, None
        if executor is None:
            return
        for future in waiting:
            if not future.cancel():
                with suppress(SandboxError):
                    future.result().close()
        executor.shutdown()

    def _fill(self, count: int) -> None:
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, "spares")
        while len(self._ready) < count:
            self._ready.append(self._executor.submit(self._start))
