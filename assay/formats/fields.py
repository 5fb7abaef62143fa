"""Reads the fields of a row, of which nothing is known.

A `Field` is a value and the path to it. Reading one either gives what was asked for or raises a `FormatError`
with the path, so that a converter states the shape it reads and needs no checks of its own.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from assay.contract.tests import MAX_CASES
from assay.errors import FormatError
from assay.formats.encoded import MAX_DECODED_BYTES, Undecodable, decode_text, parse_json

__all__ = ["MAX_DEPTH", "Field", "Row"]

MAX_DEPTH: Final = 64
"""Lists in lists of a value; far below what JSON writers and the sandbox's own encoding bear."""

MAX_MESSAGE_CHARACTERS: Final = 500

Row = Mapping[str, Any]
"""A row as a loader of datasets or a line of JSON gives it."""


@dataclass(frozen=True)
class Field:
    """A value somewhere in a row."""

    value: Any
    path: str
    """Where it stands: `input_output.inputs[3]`; empty for the row itself."""

    def fail(self, message: str, hint: str = "") -> NoReturn:
        """Refuses the row because of this field.

        Raises:
            FormatError: always, with code ``invalid_row``.
        """
        raise FormatError(_shortened(f"{self.path or 'the row'}: {message}"), path=self.path, hint=hint)

    def refuse(self, what: str, hint: str) -> NoReturn:
        """Refuses the row because it is well-formed but asks for what cannot be graded.

        Raises:
            FormatError: always, with code ``unsupported_row``.
        """
        message = _shortened(f"{self.path or 'the row'}: unsupported: {what}")
        raise FormatError(message, path=self.path, hint=hint, code="unsupported_row")

    def find(self, name: str) -> "Field | None":
        """The field ``name`` of this object; None if it is missing, null or an empty text.

        Raises:
            FormatError: this is no object.
        """
        if not isinstance(self.value, Mapping):
            self.fail(f"must be an object, not {_kind(self.value)}")
        value = self.value.get(name)
        return None if value is None or value == "" else Field(value, f"{self.path}.{name}".lstrip("."))

    def __getitem__(self, name: str) -> "Field":
        found = self.find(name)
        if found is None:
            Field(None, f"{self.path}.{name}".lstrip(".")).fail("is missing or empty", "see docs/formats.md")
        return found

    def first(self, *names: str) -> "Field":
        """The first of these fields that is there.

        Raises:
            FormatError: none is.
        """
        for name in names:
            if (found := self.find(name)) is not None:
                return found
        return self[names[0]]

    def text(self) -> str:
        """The value as text that UTF-8 can carry.

        Raises:
            FormatError: it is something else.
        """
        if not isinstance(self.value, str):
            self.fail(f"must be text, not {_kind(self.value)}")
        if not _is_encodable(self.value):
            self.fail("holds half a surrogate pair, which UTF-8 cannot carry", "read the dataset as UTF-8")
        return self.value

    def name(self) -> str:
        """The value as a short text; a finite number will do, for ids and answers are often numbers.

        Raises:
            FormatError: it is something else.
        """
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            return str(self.plain())
        return self.text()

    def elements(self, most: int = MAX_CASES) -> list["Field"]:
        """The elements of a list.

        Raises:
            FormatError: it is no list, or has more than ``most`` elements.
        """
        value = self.value
        if not isinstance(value, list | tuple):
            value = _from_array(value)
        if value is None:
            self.fail(f"must be a list, not {_kind(self.value)}")
        if len(value) > most:
            self.fail(f"has {len(value)} elements, more than the {most} that a suite may have", "split the row")
        return [Field(each, f"{self.path}[{number}]") for number, each in enumerate(value)]

    def decoded(self, max_bytes: int = MAX_DECODED_BYTES) -> "Field":
        """The value that a text encodes (JSON, a Python literal, base64 of zlib of pickle); else the value itself.

        Raises:
            FormatError: it is a text that encodes nothing, or too much.
        """
        if not isinstance(self.value, str):
            return self
        try:
            return Field(decode_text(self.value, max_bytes), self.path)
        except Undecodable as error:
            self.fail(str(error), error.hint)

    def json_value(self) -> Any:
        """The value of a JSON text, plain.

        Raises:
            FormatError: it is not JSON, or not plain.
        """
        try:
            return Field(parse_json(self.text()), self.path).plain()
        except Undecodable as error:
            self.fail(str(error), error.hint)

    def plain(self) -> Any:
        """The value with lists for tuples, if JSON can carry all of it.

        Raises:
            FormatError: it holds something else, or is nested more than `MAX_DEPTH` deep.
        """
        return self._plain(self.value, MAX_DEPTH)

    def _plain(self, value: Any, depth: int) -> Any:
        if depth == 0:
            self.fail(f"is nested more than {MAX_DEPTH} deep")
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else self.fail("holds a number that JSON has not: NaN or infinity")
        if isinstance(value, str):
            return Field(value, self.path).text()
        if isinstance(value, list | tuple):
            return [self._plain(each, depth - 1) for each in value]
        if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            keys = (Field(key, self.path).text() for key in value)
            return {key: self._plain(value[key], depth - 1) for key in keys}
        return self.fail(f"holds what JSON has not: {_kind(value)}")


def _shortened(message: str) -> str:
    """A row may put anything into a message."""
    short = message if len(message) <= MAX_MESSAGE_CHARACTERS else message[:MAX_MESSAGE_CHARACTERS] + "…"
    return short.encode(errors="replace").decode()


def _from_array(value: object) -> list[Any] | None:
    """Loaders of datasets may give arrays instead of lists."""
    if type(value).__module__ != "numpy":
        return None
    as_list = getattr(value, "tolist", lambda: None)()
    return as_list if isinstance(as_list, list) else None


def _kind(value: object) -> str:
    if isinstance(value, Mapping):
        return "an object with other keys than text" if not _has_names(value) else "an object"
    names = {type(None): "null", str: "text", list: "a list", tuple: "a list", bool: "a truth value"}
    return names.get(type(value), f"a {type(value).__name__}")


def _has_names(value: Iterable[object]) -> bool:
    return all(isinstance(key, str) for key in value)


def _is_encodable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
