"""An engine elsewhere: its socket behind a TCP port, which can be cut and mended."""

import contextlib
import os
import select
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

__all__ = ["Relay"]

_ENGINE = "/var/run/docker.sock"


class Relay:
    """Passes on what comes to a port of this machine."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._is_cut = threading.Event()
        self._ends = threading.Event()
        self._threads: list[threading.Thread] = []
        self._pairs: list[tuple[socket.socket, socket.socket]] = []

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.set()
        self.cut()
        for thread in self._threads:
            thread.join()
        self._listener.close()
        for pair in self._pairs:
            for end in pair:
                end.close()

    def cut(self) -> None:
        """Breaks every connection, and answers no new one."""
        self._is_cut.set()
        for pair in self._pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Lets connections through again."""
        self._is_cut.clear()

    def _accept(self) -> None:
        while not self._ends.is_set():
            try:
                if not select.select((self._listener,), (), (), 0.1)[0]:
                    continue
                outside, _ = self._listener.accept()
            except (OSError, ValueError):
                return
            if self._is_cut.is_set():
                outside.close()
                continue
            inside = socket.socket(socket.AF_UNIX)
            inside.connect(os.environ.get("ASSAY_TEST_ENGINE", _ENGINE))
            self._pairs.append((outside, inside))
            for source, target in ((outside, inside), (inside, outside)):
                self._start(_pump, source, target)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
