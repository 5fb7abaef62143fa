"""Plain values as bytes: what crosses between a candidate and the judge.

The only thing a candidate can do through this channel is to choose a value. Encoding goes by exact type,
subclasses by their base's slots, so an overridden `__eq__` or `__iter__` stays behind. Decoding is iterative,
checks every length before it allocates, and builds built-in types only: None, bool, int, float, complex, str,
bytes, list, tuple, set, frozenset, dict, Decimal, Fraction, date, time, datetime, timedelta and the built-in
classes themselves. No pickle, no eval.

A value is a tag byte followed by its content; containers give a count and then their elements.

In a conversation with an examiner an object of the candidate's may cross as a *reference*: a number, by which the
candidate knows it, and the name of its type. Where nobody asks for references they are no values. A plain
value of a richer type (a namedtuple, a list with methods of its own) may have a reference before it.
"""

import datetime as dt
import struct
from collections.abc import Callable, Hashable, ItemsView, Iterable, Iterator, KeysView, ValuesView
from decimal import Decimal
from fractions import Fraction
from itertools import chain, islice
from typing import Any, Final, NamedTuple

__all__ = [
    "MAX_DEPTH",
    "MAX_NODES",
    "MAX_VALUE_BYTES",
    "NotAValue",
    "Reference",
    "decode",
    "encode",
    "materialize",
]

MAX_VALUE_BYTES: Final = 16 << 20
"""Largest encoded value, in bytes."""
MAX_NODES: Final = 1_000_000
"""Most elements of a value, all levels together."""
MAX_DEPTH: Final = 500
"""Deepest nesting of a value."""
_REFERENCE: Final = b"h"
_REFERRED: Final = b"H"
"""A reference to what is a plain value as well, which follows."""
_MAX_NAME_CHARS: Final = 100
_MAX_INT_BYTES: Final = 1 << 17
_MAX_FRACTION_BITS: Final = 3_200
"""Numerator and denominator of this size have less than a thousand digits each."""
_FLOODING_FROM: Final = 1_000
"""From this many keys on, equal hashes are counted before a set or dict is built."""

_COUNT: Final = struct.Struct("!I")
_FLOAT: Final = struct.Struct("!d")
_COMPLEX: Final = struct.Struct("!dd")
_SPAN: Final = struct.Struct("!iii")


_CLASSES: Final[dict[str, type]] = {
    kind.__name__: kind
    for kind in (
        bool,
        int,
        float,
        complex,
        str,
        bytes,
        bytearray,
        list,
        tuple,
        dict,
        set,
        frozenset,
        object,
        type(None),
    )
}
"""Classes that are values themselves: `isinstance` tests pass them around."""


class NotAValue(Exception):
    """The object, or the bytes, are not a plain value within the bounds."""


class Reference(NamedTuple):
    """What crosses in place of an object that is no plain value."""

    number: int
    kind: str
    """The name of its type, as far as whoever holds it is to be believed."""


def _int_bytes(value: int) -> bytes:
    size = value.bit_length() // 8 + 1
    if size > _MAX_INT_BYTES:
        raise NotAValue("an integer of more than a million bits")
    return value.to_bytes(size, "big", signed=True)


def _fraction_text(numerator: int, denominator: int) -> str:
    if max(numerator.bit_length(), denominator.bit_length()) > _MAX_FRACTION_BITS:
        raise NotAValue("a fraction of too many digits")
    return f"{numerator:d}/{denominator:d}"


def _leaf(tag: bytes, content: bytes) -> bytes:
    return tag + _COUNT.pack(len(content)) + content


_LEAVES: Final[tuple[tuple[type, Callable[[Any], bytes]], ...]] = (
    (bool, lambda v: b"T" if v else b"F"),
    (int, lambda v: _leaf(b"i", _int_bytes(int.__add__(v, 0)))),
    (float, lambda v: b"f" + _FLOAT.pack(float.__pos__(v))),
    (str, lambda v: _leaf(b"s", str.encode(v, "utf-8", "surrogatepass"))),
    (bytes, lambda v: _leaf(b"b", bytes.__getitem__(v, slice(None)))),
    (bytearray, lambda v: _leaf(b"b", bytes(bytearray.__getitem__(v, slice(None))))),
    (complex, lambda v: b"c" + _COMPLEX.pack(complex.__pos__(v).real, complex.__pos__(v).imag)),
    (Decimal, lambda v: _leaf(b"D", Decimal.__str__(v).encode())),
    (Fraction, lambda v: _leaf(b"Q", _fraction_text(v.numerator, v.denominator).encode())),
    (dt.datetime, lambda v: _leaf(b"X", dt.datetime.isoformat(v).encode())),
    (dt.date, lambda v: _leaf(b"Y", dt.date.isoformat(v).encode())),
    (dt.time, lambda v: _leaf(b"Z", dt.time.isoformat(v).encode())),
    (dt.timedelta, lambda v: b"W" + _SPAN.pack(v.days, v.seconds, v.microseconds)),
)
_CONTAINERS: Final[tuple[tuple[type, bytes, Callable[[Any], int], Callable[[Any], Iterable[object]]], ...]] = (
    (list, b"l", list.__len__, list.__iter__),
    (tuple, b"t", tuple.__len__, tuple.__iter__),
    (dict, b"d", dict.__len__, lambda v: chain.from_iterable(dict.items(v))),
    (set, b"e", set.__len__, set.__iter__),
    (frozenset, b"z", frozenset.__len__, frozenset.__iter__),
)


_EXACT: Final = frozenset(kind for kind, *_ in (*_LEAVES, *_CONTAINERS)) | {type(None)}
"""Types that are plain values and nothing more."""


def _is_numpy(value: object) -> bool:
    return type(value).__module__.partition(".")[0] == "numpy" and hasattr(value, "tolist")


def _from_numpy(value: object) -> object:
    """The plain counterpart of a numpy scalar or array."""
    if _is_numpy(value):
        return value.tolist()  # type: ignore[attr-defined]
    raise NotAValue(f"{type(value).__name__} is not a plain value")


def _encode_leaf(value: object) -> bytes | None:
    if value is None:
        return b"N"
    for kind, encode_kind in _LEAVES:
        if isinstance(value, kind):
            return encode_kind(value)
    if isinstance(value, type) and _CLASSES.get(value.__name__) is value:
        return _leaf(b"k", value.__name__.encode())
    return None


def materialize(value: object) -> object:
    """A list of what an iterator, a range or a dictionary view gives; anything else is returned as it is.

    Reading it runs the program's code, so this is for the cell.
    """
    if isinstance(value, (Iterator, range, KeysView, ValuesView, ItemsView)):
        return list(islice(iter(value), MAX_NODES + 1))
    return value


Refer = Callable[[object], Reference | None]


def encode(value: object, refer: Refer | None = None, also: Refer | None = None) -> bytes:
    """The bytes of a plain value; an object that is none crosses as what ``refer`` says of it.

    With ``also`` a value of a richer type crosses with a reference before it, where that gives one.

    Raises:
        NotAValue: it holds an object of another type that cannot be referred to, or is over a bound.
    """
    parts: list[bytes] = []
    stack: list[Iterable[object]] = [iter((value,))]
    nodes = size = 0
    while stack:
        for element in stack[-1]:
            nodes += 1
            if nodes > MAX_NODES or size > MAX_VALUE_BYTES:
                raise NotAValue("the value is too large")
            if also is not None and type(element) not in _EXACT:
                parts.append(_encode_referred(also(element)))
                size += len(parts[-1])
            leaf = _encode_leaf(element)
            if leaf is None and refer is not None and not _opens(element):
                leaf = _encode_reference(_REFERENCE, refer(element))
            if leaf is not None:
                parts.append(leaf)
                size += len(leaf)
                continue
            opening, children = _open_container(element)
            parts.append(opening)
            size += len(opening)
            stack.append(children)
            if len(stack) > MAX_DEPTH:
                raise NotAValue("the value is nested too deeply")
            break
        else:
            stack.pop()
    if size > MAX_VALUE_BYTES:
        raise NotAValue("the value is too large")
    return b"".join(parts)


def _opens(value: object) -> bool:
    """Whether the value is plain as far as itself goes."""
    return isinstance(value, (list, tuple, dict, set, frozenset)) or _is_numpy(value)


def _encode_reference(tag: bytes, reference: Reference | None) -> bytes:
    if reference is None:
        raise NotAValue("no plain value")
    name = reference.kind[:_MAX_NAME_CHARS].encode("utf-8", "replace")
    return _leaf(tag, _COUNT.pack(reference.number) + name)


def _encode_referred(reference: Reference | None) -> bytes:
    return b"" if reference is None else _encode_reference(_REFERRED, reference)


def _open_container(value: object) -> tuple[bytes, Iterable[object]]:
    for kind, tag, length, elements in _CONTAINERS:
        if isinstance(value, kind):
            return tag + _COUNT.pack(length(value)), iter(elements(value))
    return b"=", iter((_from_numpy(value),))


class _Cursor:
    """A position in the bytes of a value."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def take(self, size: int) -> bytes:
        end = self._position + size
        if end > len(self._data):
            raise NotAValue("the value ends too early")
        taken = self._data[self._position : end]
        self._position = end
        return taken

    def count(self) -> int:
        number: int = _COUNT.unpack(self.take(4))[0]
        return number

    def at_end(self) -> bool:
        return self._position == len(self._data)


def _fraction(text: str) -> Fraction:
    numerator, _, denominator = text.partition("/")
    return Fraction(int(numerator), int(denominator))


def _int(content: bytes) -> int:
    if len(content) > _MAX_INT_BYTES:
        raise NotAValue("an integer of more than a million bits")
    return int.from_bytes(content, "big", signed=True)


_FIXED: Final[dict[bytes, Callable[[_Cursor], object]]] = {
    b"N": lambda _: None,
    b"T": lambda _: True,
    b"F": lambda _: False,
    b"f": lambda cursor: _FLOAT.unpack(cursor.take(8))[0],
    b"c": lambda cursor: complex(*_COMPLEX.unpack(cursor.take(16))),
    b"W": lambda cursor: dt.timedelta(*_SPAN.unpack(cursor.take(12))),
}
_SIZED: Final[dict[bytes, Callable[[bytes], object]]] = {
    b"i": _int,
    b"s": lambda content: content.decode("utf-8", "surrogatepass"),
    b"b": lambda content: content,
    b"D": lambda content: Decimal(content.decode("ascii")),
    b"Q": lambda content: _fraction(content.decode("ascii")),
    b"k": lambda content: _CLASSES[content.decode("ascii")],
    b"X": lambda content: dt.datetime.fromisoformat(content.decode("ascii")),
    b"Y": lambda content: dt.date.fromisoformat(content.decode("ascii")),
    b"Z": lambda content: dt.time.fromisoformat(content.decode("ascii")),
}
_SIZED_LIMIT: Final = {b"D": 100_000, b"Q": 2_000, b"k": 64, b"X": 64, b"Y": 64, b"Z": 64}


def _check_flooding(keys: list[Any]) -> None:
    """Refuses keys that would make a hash table quadratic (equal hashes: integers are not salted)."""
    if len(keys) >= _FLOODING_FROM and len({hash(key) for key in keys}) * 8 < len(keys):
        raise NotAValue("the keys collide")


def _make_set(elements: list[Hashable]) -> set[Hashable]:
    _check_flooding(elements)
    return set(elements)


def _make_dict(elements: list[Any]) -> dict[Hashable, object]:
    _check_flooding(elements[::2])
    return dict(zip(elements[::2], elements[1::2], strict=True))


_MAKERS: Final[dict[bytes, Callable[[list[Any]], object]]] = {
    b"l": lambda elements: elements,
    b"t": tuple,
    b"e": _make_set,
    b"z": lambda elements: frozenset(_make_set(elements)),
    b"d": _make_dict,
    b"=": lambda elements: elements[0],
}


Resolve = Callable[[Reference, object], object]


def _decode_reference(content: bytes) -> Reference:
    return Reference(_COUNT.unpack(content[:4])[0], content[4:].decode("utf-8"))


def _take_reference(cursor: _Cursor) -> Reference:
    size = cursor.count()
    if not 4 <= size <= 4 + 4 * _MAX_NAME_CHARS:
        raise NotAValue("malformed reference")
    return _decode_reference(cursor.take(size))


def _decode_leaf(tag: bytes, cursor: _Cursor, resolve: Resolve | None) -> object:
    if tag in _FIXED:
        return _FIXED[tag](cursor)
    if tag == _REFERENCE and resolve is not None:
        return resolve(_take_reference(cursor), None)
    if tag not in _SIZED:
        raise NotAValue("unknown tag")
    size = cursor.count()
    if size > _SIZED_LIMIT.get(tag, MAX_VALUE_BYTES):
        raise NotAValue("an element is too large")
    return _SIZED[tag](cursor.take(size))


class _Container:
    """A container whose elements are still being read."""

    def __init__(self, tag: bytes, count: int, make: Callable[[list[Any]], object] | None = None) -> None:
        self.make = make or _MAKERS[tag]
        self.missing = 2 * count if tag == b"d" else count
        self.elements: list[Any] = []


def _open(tag: bytes, cursor: _Cursor, resolve: Resolve | None) -> _Container:
    if tag == _REFERRED and resolve is not None:
        reference = _take_reference(cursor)
        return _Container(tag, 1, lambda elements: resolve(reference, elements[0]))
    return _Container(tag, 1 if tag == b"=" else cursor.count())


def _decode(cursor: _Cursor, resolve: Resolve | None) -> object:
    root = _Container(b"=", 1)
    stack, nodes = [root], 0
    while True:
        top = stack[-1]
        if top.missing == 0:
            stack.pop()
            made = top.make(top.elements)
            if not stack:
                return made
            stack[-1].elements.append(made)
            continue
        top.missing -= 1
        nodes += 1
        if nodes > MAX_NODES or len(stack) > MAX_DEPTH:
            raise NotAValue("the value is too large or too deep")
        tag = cursor.take(1)
        if tag in _MAKERS or (tag == _REFERRED and resolve is not None):
            stack.append(_open(tag, cursor, resolve))
        else:
            top.elements.append(_decode_leaf(tag, cursor, resolve))


def decode(data: bytes, resolve: Resolve | None = None) -> object:
    """The plain value in ``data``, which may come from a hostile process.

    With ``resolve`` a reference becomes what that says of it and of the plain value that it is as well, or None;
    without it there may be none.

    Raises:
        NotAValue: the bytes are no value, or one over the bounds.
    """
    if len(data) > MAX_VALUE_BYTES:
        raise NotAValue("the value is too large")
    cursor = _Cursor(data)
    try:
        value = _decode(cursor, resolve)
    except (ValueError, TypeError, KeyError, ArithmeticError, struct.error) as error:
        raise NotAValue(f"malformed value: {type(error).__name__}") from error
    if not cursor.at_end():
        raise NotAValue("bytes after the value")
    return value
