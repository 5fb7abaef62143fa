"""Objects of the candidate's as a test sees them: the examiner's end. Level B of `INTEGRITY.md` 3.3.

A handle holds a number. Whatever the test does with it (calls, attributes, items, iteration) is asked of the
candidate's cell, and only plain values and handles come back. What makes it unforgeable:

- A handle equals nothing but another handle, whatever the object says: that is decided here.
- No operator with a built-in value on its other side is asked: `f(x) - 1.5` would show the candidate what is
  expected, and `f(x) > 3` let it say so. The test has then failed, at once.
- Where Python wants a bool, a number or a text, only a plain one will do.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from assay_agent.values import Reference

__all__ = ["Handle", "Handles", "Remote"]

T = TypeVar("T", bound="Remote")

Ask = Callable[[str, tuple[Any, ...], dict[str, Any]], Any]
"""Sends a request to the candidate's cell and gives what it answers."""
Fail = Callable[[str], Any]
"""Ends the test as failed; does not return."""
_SLOTS: Final = ("_assay_asked", "_assay_reference")


class Remote:
    """What stands for an object of the candidate's."""

    __slots__ = ()


class Handles:
    """All handles of a test: one for every object, so that `is` means what it should."""

    def __init__(self, ask: Ask, fail: Fail, first: Callable[[], None]) -> None:
        """``first`` is called when the first object crosses."""
        self.ask = ask
        self.fail = fail
        self._first = first
        self._known: dict[int, Handle] = {}
        self._kinds: dict[tuple[str, type[Remote]], type[Any]] = {}
        self.lives: dict[int, Any] = {}
        """Plain values that are objects as well, by number; see `assay_agent.live`."""
        self.asked = 0
        """How much has been asked that may have changed an object."""
        self._hashes: dict[int, int] = {}

    def resolve(self, reference: Reference) -> "Handle":
        """The handle of a reference."""
        if not self._known:
            self._first()
        handle = self._known.get(reference.number)
        if handle is None:
            handle = self._known[reference.number] = self.kind(reference.kind, Handle)(self, reference)
        return handle

    def kind(self, name: str, base: "type[T]") -> "type[T]":
        """A subclass of that name, so that the type of an object is called what the program calls it."""
        kind = self._kinds.get((name, base))
        if kind is None:
            try:
                kind = type(name, (base,), {"__slots__": ()} if base is Handle else {})
            except ValueError:  # no name of a class
                kind = base
            self._kinds[name, base] = kind
        return kind

    def hash_of(self, handle: "Handle", number: int) -> int:
        """The hash of an object, as it was when it was first asked for."""
        if number not in self._hashes:
            self._hashes[number] = self.ask_for((int,), "!hash", handle)
        return self._hashes[number]

    def ask_for(self, kinds: tuple[type, ...], name: str, *args: object) -> Any:
        """What the candidate answers, if it is of the types that Python wants there."""
        answer = self.ask(name, args, {})
        if type(answer) not in kinds:
            self.fail(f"{name[1:]!r} of an object gave what is no {kinds[0].__name__}")
        return answer


def _parts(handle: "Handle") -> tuple[Handles, Reference]:
    handles: Handles = object.__getattribute__(handle, "_assay_asked")
    reference: Reference = object.__getattribute__(handle, "_assay_reference")
    return handles, reference


def _ask(handle: "Handle", name: str, *args: object, **kwargs: object) -> Any:
    return _parts(handle)[0].ask(name, (handle, *args), kwargs)


def _ask_for(handle: "Handle", kinds: tuple[type, ...], name: str, *args: object) -> Any:
    return _parts(handle)[0].ask_for(kinds, name, handle, *args)


def _ordering(name: str) -> Callable[["Handle", object], bool]:
    def compare(self: "Handle", other: object) -> bool:
        if not isinstance(other, Handle):
            return bool(_refuse(self, other))
        return bool(_ask_for(self, (bool,), name, other))

    return compare


def _operator(name: str) -> Callable[["Handle", object], Any]:
    def operate(self: "Handle", other: object) -> Any:
        return _ask(self, name, other) if isinstance(other, Remote) else _refuse(self, other)

    return operate


def _refuse(handle: "Handle", other: object) -> Any:
    handles, reference = _parts(handle)
    other_kind = type(other).__name__
    return handles.fail(f"{reference.kind} is no plain value, and an operator has {other_kind} on its other side")


def _reflected(self: "Handle", other: object) -> Any:
    """Of a built-in value and a handle: between two handles Python asks the left one."""
    return _refuse(self, other)


def _unary(name: str) -> Callable[["Handle"], Any]:
    def operate(self: "Handle") -> Any:
        return _ask(self, name)

    return operate


class Handle(Remote):
    """An object that is in the candidate's cell."""

    __slots__ = _SLOTS

    def __init__(self, handles: Handles, reference: Reference) -> None:
        object.__setattr__(self, "_assay_asked", handles)
        object.__setattr__(self, "_assay_reference", reference)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Handle) and bool(_ask_for(self, (bool,), "!eq", other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        handles, reference = _parts(self)
        return handles.hash_of(self, reference.number)

    def __getattr__(self, name: str) -> Any:
        return _ask(self, "!getattr", name)

    def __setattr__(self, name: str, value: object) -> None:
        _ask(self, "!setattr", name, value)

    def __delattr__(self, name: str) -> None:
        _ask(self, "!delattr", name)

    def __call__(self, *args: object, **kwargs: object) -> Any:
        """What the object gives when it is called."""
        return _ask(self, "!call", *args, **kwargs)

    def __len__(self) -> int:
        return int(_ask_for(self, (int,), "!len"))

    def __bool__(self) -> bool:
        return bool(_ask_for(self, (bool,), "!bool"))

    def __contains__(self, element: object) -> bool:
        return bool(_ask_for(self, (bool,), "!contains", element))

    def __iter__(self) -> Any:
        iterator = _ask(self, "!iter")
        return iterator if isinstance(iterator, Handle) else iter(iterator)

    def __next__(self) -> Any:
        return _ask(self, "!next")

    def __reversed__(self) -> Any:
        return _ask(self, "!reversed")

    def __getitem__(self, key: object) -> Any:
        if isinstance(key, slice):
            return _ask(self, "!slice", key.start, key.stop, key.step)
        return _ask(self, "!getitem", key)

    def __setitem__(self, key: object, value: object) -> None:
        _ask(self, "!setitem", key, value)

    def __delitem__(self, key: object) -> None:
        _ask(self, "!delitem", key)

    def __str__(self) -> str:
        return str(_ask_for(self, (str,), "!str"))

    def __repr__(self) -> str:
        return str(_ask_for(self, (str,), "!repr"))

    def __format__(self, specification: str) -> str:
        return format(str(self), specification)

    def __int__(self) -> int:
        return int(_ask_for(self, (int,), "!int"))

    def __float__(self) -> float:
        return float(_ask_for(self, (float,), "!float"))

    def __round__(self, digits: int | None = None) -> Any:
        return _ask(self, "!round", *(() if digits is None else (digits,)))

    def __complex__(self) -> complex:
        return complex(_ask_for(self, (complex,), "!complex"))

    def __index__(self) -> int:
        return int(_ask_for(self, (int,), "!index"))

    def __enter__(self) -> Any:
        return _ask(self, "!method", "__enter__")

    def __exit__(self, *raised: object) -> None:
        """The object is left as if nothing had been raised: what a test raises is no business of a candidate."""
        _ask(self, "!method", "__exit__", None, None, None)

    def __instancecheck__(self, other: object) -> bool:
        return isinstance(other, Remote) and _parts(self)[0].ask_for((bool,), "!isinstance", other, self) is True

    def __subclasscheck__(self, other: object) -> bool:
        return isinstance(other, Handle) and bool(_ask_for(other, (bool,), "!issubclass", self))

    def __copy__(self) -> Any:
        return _ask(self, "!copy")

    def __deepcopy__(self, memo: object) -> Any:
        return _ask(self, "!deepcopy")

    def __reduce__(self) -> Any:
        return _parts(self)[0].fail("a handle cannot be taken out of its test")


for _name in ("lt", "le", "gt", "ge"):
    setattr(Handle, f"__{_name}__", _ordering(f"!{_name}"))
for _name in ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor"):
    setattr(Handle, f"__{_name}__", _operator(f"!{_name}"))
    setattr(Handle, f"__r{_name}__", _reflected)
for _name in ("abs", "neg", "pos", "invert"):
    setattr(Handle, f"__{_name}__", _unary(f"!{_name}"))
