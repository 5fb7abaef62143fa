"""Decodes the texts in which datasets keep their tests.

Three encodings are in use: JSON, Python literals, and base64 of zlib of pickle (LiveCodeBench). The last comes
from strangers, so that it is never given to `pickle`: the opcodes are read by `pickletools`, which executes
nothing, and only those that build texts, numbers, lists and dicts have a meaning here. An opcode that would
import, call or share containers ends the reading; so does any size above a bound, before memory is taken.
"""

import ast
import base64
import binascii
import json
import zlib
from collections.abc import Callable
from io import BytesIO
from pickletools import genops
from typing import Any, Final

__all__ = ["MAX_DECODED_BYTES", "Undecodable", "decode_pickle", "decode_text", "inflate", "parse_json"]

MAX_DECODED_BYTES: Final = 128 * 1024 * 1024
"""Most bytes a row's tests may have when decompressed; a quarter of `max_body_mb` by default."""
MAX_LITERAL_CHARACTERS: Final = 2 * 1024 * 1024
"""Python literals go through a syntax tree, of some hundred bytes per character."""
MAX_CONTAINERS: Final = 8_000_000
"""Brackets and braces of a JSON text; each may cost sixty times its size in memory."""
MAX_ELEMENTS: Final = 16_000_000
"""Commas of a JSON text, those within its texts included: what it becomes stays below 2 GiB."""
MAX_OPCODES: Final = 1_000_000
"""Of a pickle: a hundred for each case of the largest suite."""


class Undecodable(Exception):
    """A text encodes no tests; ``hint`` says how to mend it."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.hint = hint
        super().__init__(message)


def decode_text(text: str, max_bytes: int = MAX_DECODED_BYTES) -> Any:
    """The value that a text encodes.

    Args:
        text: JSON, a Python literal, or base64 of zlib of pickle, whose text may be JSON once more.
        max_bytes: the bound of the decompressed bytes.

    Raises:
        Undecodable: it is none of these, or larger than the bounds.
    """
    if len(text) > max_bytes:
        raise Undecodable(f"is longer than {max_bytes} bytes", "split the row")
    stripped = text.strip()
    try:
        return parse_json(stripped)
    except Undecodable as error:
        if stripped[:1] in {"[", "{", "(", "'", '"'}:
            return _parse_literal(stripped, error)
    packed = _from_base64(stripped)
    value = decode_pickle(inflate(packed, max_bytes), max_bytes)
    return parse_json(value) if isinstance(value, str) else value


def parse_json(text: str) -> Any:
    """The value of a JSON text.

    Raises:
        Undecodable: it is not JSON, has too many or too deeply nested containers, or holds NaN or an infinity.
    """
    if text.count("[") + text.count("{") > MAX_CONTAINERS or text.count(",") > MAX_ELEMENTS:
        raise Undecodable(f"has more than {MAX_CONTAINERS} lists or {MAX_ELEMENTS} elements", "split the row")
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Undecodable(f"is not JSON: {error}"[:300]) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _parse_literal(text: str, no_json: Undecodable) -> Any:
    if len(text) > MAX_LITERAL_CHARACTERS:
        raise Undecodable(
            f"{no_json}, and a Python literal of more than {MAX_LITERAL_CHARACTERS} characters is not read",
            "write it as JSON",
        )
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise Undecodable(f"{no_json}, and no Python literal", "write it as JSON") from error


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Undecodable("is neither JSON, nor a Python literal, nor base64", "write it as JSON") from error


def inflate(packed: bytes, max_bytes: int = MAX_DECODED_BYTES) -> bytes:
    """The bytes that zlib compressed.

    Raises:
        Undecodable: it is not zlib, ends too early, or has more than ``max_bytes``.
    """
    stream = zlib.decompressobj()
    try:
        plain = stream.decompress(packed, max_bytes + 1)
    except zlib.error as error:
        raise Undecodable(f"is base64, but not of zlib: {error}") from error
    if len(plain) > max_bytes:
        raise Undecodable(f"has more than {max_bytes} bytes when decompressed", "split the row")
    if not stream.eof:
        raise Undecodable("is cut off: the compressed tests end too early", "load the row anew")
    return plain


def decode_pickle(data: bytes, max_bytes: int = MAX_DECODED_BYTES) -> Any:
    """The value of a pickle of texts, bytes, numbers, None, lists and dicts; nothing in it is executed.

    Raises:
        Undecodable: it is no pickle, or one of something else, or larger than the bounds.
    """
    machine = _Machine(max_bytes)
    try:
        for count, (opcode, argument, _) in enumerate(genops(BytesIO(data))):
            if count >= MAX_OPCODES:
                raise Undecodable(f"is a pickle of more than {MAX_OPCODES} values", "write it as JSON")
            machine.step(opcode.name, argument)
        return machine.result()
    except (ValueError, OverflowError, IndexError, KeyError, TypeError) as error:
        raise Undecodable(f"is no pickle: {error}"[:300], "write it as JSON") from error


_MARK: Final = object()
_ATOMS: Final = frozenset(
    {
        "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8",
        "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT",
    }
)  # fmt: skip
_CONSTANTS: Final = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_NEW: Final[dict[str, Callable[[], Any]]] = {"EMPTY_LIST": list, "EMPTY_DICT": dict, "EMPTY_TUPLE": list}
_SILENT: Final = frozenset({"PROTO", "FRAME", "STOP"})
_STORES: Final = frozenset({"MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT"})
_LOADS: Final = frozenset({"GET", "BINGET", "LONG_BINGET"})


class _Machine:
    """The stack of a pickle, for the opcodes that build plain values. A tuple becomes a list."""

    def __init__(self, max_bytes: int) -> None:
        self._left_bytes = max_bytes
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def step(self, name: str, argument: Any) -> None:
        """Does what one opcode says."""
        if name in _SILENT:
            return
        if name in _ATOMS:
            self._stack.append(argument)
        elif name in _CONSTANTS:
            self._stack.append(_CONSTANTS[name])
        elif name in _NEW:
            self._stack.append(_NEW[name]())
        elif name == "MARK":
            self._stack.append(_MARK)
        elif name in _STORES:
            self._memo[len(self._memo) if name == "MEMOIZE" else int(argument)] = self._stack[-1]
        elif name in _LOADS:
            self._stack.append(self._shared(self._memo[int(argument)]))
        else:
            self._gather(name)

    def result(self) -> Any:
        """The one value that is left."""
        (value,) = self._stack
        if value is _MARK:
            raise ValueError("a mark without values")
        return value

    def _shared(self, value: Any) -> Any:
        """Texts may be repeated, as long as all of them together stay small; containers would be a web."""
        if not isinstance(value, str | bytes | int | float):
            raise Undecodable("is a pickle in which containers are shared", "write it as JSON")
        self._left_bytes -= len(value) if isinstance(value, str | bytes) else 1
        if self._left_bytes < 0:
            raise Undecodable("is a pickle that repeats its texts beyond all bounds", "write it as JSON")
        return value

    def _gather(self, name: str) -> None:
        stack = self._stack
        if name in {"TUPLE1", "TUPLE2", "TUPLE3"}:
            stack.append(self._top(int(name[-1])))
        elif name in {"TUPLE", "LIST"}:
            stack.append(self._since_mark())
        elif name == "DICT":
            stack.append(_pairs(self._since_mark()))
        elif name == "APPEND":
            self._extend(self._top(1))
        elif name == "APPENDS":
            self._extend(self._since_mark())
        elif name == "SETITEM":
            self._update(self._top(2))
        elif name == "SETITEMS":
            self._update(self._since_mark())
        else:
            raise Undecodable(
                f"is a pickle of more than plain values: it has the opcode {name}", "write it as JSON"
            )

    def _top(self, count: int) -> list[Any]:
        values = self._stack[-count:]
        if len(values) < count or any(value is _MARK for value in values):
            raise ValueError("values are missing")
        del self._stack[-count:]
        return values

    def _since_mark(self) -> list[Any]:
        values = []
        while (value := self._stack.pop()) is not _MARK:
            values.append(value)
        return values[::-1]

    def _extend(self, values: list[Any]) -> None:
        if not isinstance(self._stack[-1], list):
            raise ValueError("elements without a list")
        self._stack[-1].extend(values)

    def _update(self, values: list[Any]) -> None:
        if not isinstance(self._stack[-1], dict):
            raise ValueError("items without a dict")
        self._stack[-1].update(_pairs(values))


def _pairs(values: list[Any]) -> dict[Any, Any]:
    return dict(zip(values[::2], values[1::2], strict=True))
