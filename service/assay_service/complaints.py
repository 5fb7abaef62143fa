"""What is said to a caller about a wrong field: bounded, printable, with the nearest known name as a hint."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from assay.contract import ErrorInfo
from assay.errors import ERRORS, ItemError, RequestError

__all__ = ["InvalidRequest", "complain", "item_error", "printable", "refuse_unknown", "suggest"]

MAX_TEXT: Final = 400
"""Characters of a message, a path or a hint: they echo the caller's own names, which may be megabytes long."""


class InvalidRequest(RequestError):
    """Mend every field that ``errors`` names; the first is also the error itself."""

    def __init__(self, errors: tuple[ErrorInfo, ...]) -> None:
        first = errors[0]
        super().__init__(first.message, code=first.code, path=first.path or "", hint=first.hint or "")
        self.errors = errors


def complain(message: str, *, path: str, hint: str = "", code: str = "invalid_request") -> ErrorInfo:
    """An error of the table, about the field at ``path``."""
    return ErrorInfo(
        code=code,
        message=printable(message),
        path=printable(path) or None,
        hint=printable(hint) or None,
        retryable=ERRORS[code].retryable,
    )


def item_error(message: str, *, path: str, hint: str = "") -> ItemError:
    """The error ``invalid_item`` about the field at ``path``."""
    return ItemError(printable(message), path=printable(path), hint=printable(hint))


def refuse_unknown(given: Mapping[str, Any], known: Iterable[str], path: str) -> None:
    """Raises ``invalid_item`` about the first name that is not a field of the object at ``path``."""
    unknown = sorted(given.keys() - set(known))
    if unknown:
        message = f"'{unknown[0]}' is not a field here"
        raise item_error(message, path=f"{path}.{unknown[0]}", hint=suggest(unknown[0], known))


def printable(text: str) -> str:
    """``text`` such that UTF-8 can carry it, no longer than `MAX_TEXT`."""
    clipped = text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
    return clipped.encode("utf-8", "backslashreplace").decode()


def suggest(name: str, known: Iterable[str]) -> str:
    """A hint for a name that is not among the ``known`` ones: the nearest of them, and all of them."""
    names = sorted(known)
    nearest = difflib.get_close_matches(name[:MAX_TEXT], names, n=1)
    question = f"did you mean '{nearest[0]}'? " if nearest else ""
    return question + "known: " + ", ".join(names)
