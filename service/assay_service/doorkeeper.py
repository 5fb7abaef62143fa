"""Tells whose an API key is, and notices when the file of keys changes."""

import time
from pathlib import Path
from typing import Final

import structlog

from assay.errors import AssayError, RequestError
from assay.settings import Settings
from assay.tenants import ANYONE, KeyBook, Tenant, read_keys

__all__ = ["Doorkeeper"]

LOOK_S: Final = 1.0
"""How often the file of keys is looked at for changes."""

_log = structlog.get_logger("assay.service")


class Doorkeeper:
    """Knows the keys, and reads their file anew when it has changed.

    A changed file that is wrong is reported and left alone: the keys read before stay in force.

    Raises:
        ServiceError: ``invalid_keys``; the file cannot be read at the start.
    """

    def __init__(self, settings: Settings) -> None:
        self._file = settings.keys_file
        self._anyone = settings.allow_anonymous or self._file is None
        self._version: object = None if self._file is None else _version(self._file)
        self._book = KeyBook({}) if self._file is None else read_keys(self._file)
        self._looked_s = time.monotonic()

    def admit(self, key: str | None) -> Tenant:
        """The tenant of a key, or of who has none.

        Raises:
            RequestError: ``unauthorized``.
        """
        if self._file is not None and time.monotonic() - self._looked_s >= LOOK_S:
            self._looked_s = time.monotonic()
            self._look(self._file)
        if key is None:
            if self._anyone:
                return ANYONE
            hint = "send 'Authorization: Bearer KEY', or put /t/KEY in front of the path"
            raise RequestError("the request has no API key", code="unauthorized", hint=hint)
        if self._file is None:
            return ANYONE  # a client that always sends one, to a service that needs none
        tenant = self._book.tenant_of(key)
        if tenant is None:
            hint = "ask whoever runs the service for a key; `assay keys new` makes one"
            raise RequestError("nobody has this API key", code="unauthorized", hint=hint)
        return tenant

    def _look(self, file: Path) -> None:
        version = _version(file)
        if version == self._version:
            return
        self._version = version
        try:
            self._book = read_keys(file)
        except AssayError as error:
            _log.error("keys_not_read", code=error.code, error=error.message)
        else:
            _log.info("keys_read")


def _version(file: Path) -> object:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size
