"""Plain values that are objects of the candidate's as well: a namedtuple, an `IntEnum`, a list with own methods.

The test gets a real value of the plain type, so that whatever compares it does so here, with the content that
crossed. Only what the plain type does not know is asked of the candidate's cell: attributes and methods that the
program has added or changed, and changes of a list, dict or set, whose content then crosses anew.
"""

from collections.abc import Callable
from typing import Any, Final

from assay_agent.handles import Handle, Handles, Remote
from assay_agent.values import Reference

__all__ = ["Live", "make_live"]

_READS: Final = (
    *("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__len__", "__iter__", "__contains__"),
    *("__getitem__", "__reversed__", "__mul__", "__rmul__", "__ror__", "__rand__", "__rsub__", "__rxor__"),
    *("keys", "values", "items", "copy", "count", "index"),
    *("difference", "intersection", "symmetric_difference", "union", "isdisjoint", "issubset", "issuperset"),
)
"""What leaves a list, dict or set as it is."""
_OPERATORS: Final = ("add", "sub", "mul", "and", "or", "xor", "matmul", "truediv", "floordiv", "mod", "pow")
_DECIDED_HERE: Final = frozenset({"isdisjoint", "issubset", "issuperset"})
"""Methods that are told what is expected and say whether it is so."""


class Live(Remote):
    """What all of them have."""

    _assay_handles: Handles
    _assay_reference: Reference
    _assay_asked = 0
    """How much had been asked of the candidate when the content crossed."""

    def __getattribute__(self, name: str) -> Any:
        """What the plain type has, unless the program has it otherwise; all else is asked."""
        if name.startswith(("__", "_assay_")) or name in _DECIDED_HERE:
            return object.__getattribute__(self, name)
        base: type = type(self)._assay_base  # type: ignore[attr-defined]  # noqa: SLF001 - our own
        is_changed = name in _names_of(self) if base is tuple or base in _MUTABLE else False
        if hasattr(base, name) and not is_changed and (base not in _MUTABLE or name in _READS):
            return object.__getattribute__(self, name)
        return getattr(handle_of(self), name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(handle_of(self), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(handle_of(self), name)

    def __repr__(self) -> str:
        return repr(handle_of(self))

    def __str__(self) -> str:
        return str(handle_of(self))

    def __copy__(self) -> Any:
        return handle_of(self).__copy__()

    def __deepcopy__(self, memo: object) -> Any:
        return handle_of(self).__deepcopy__(memo)


def handle_of(live: Live) -> Handle:
    """The handle by which more is asked of it."""
    return live._assay_handles.resolve(live._assay_reference)  # noqa: SLF001 - our own


def _names_of(live: Live) -> frozenset[str]:
    """The public names that the program has added or changed."""
    handles: Handles = live._assay_handles  # noqa: SLF001 - our own
    kind = type(live)
    if "_assay_names" not in vars(kind):
        told = handles.ask_for((list,), "!names", handle_of(live))
        kind._assay_names = frozenset(name for name in told if type(name) is str)  # type: ignore[attr-defined]  # noqa: SLF001
    return kind._assay_names  # type: ignore[attr-defined, no-any-return]  # noqa: SLF001 - our own


def _refresh(live: Any) -> None:
    """Has the content cross again, if the candidate was asked for anything since it did."""
    handles: Handles = live._assay_handles  # noqa: SLF001 - our own
    if live._assay_asked != handles.asked:  # noqa: SLF001 - our own
        base = type(live)._assay_base  # noqa: SLF001 - our own
        _fill(live, base, handles.ask_for((base,), "!plain", handle_of(live)))


def _fill(live: Any, base: type, content: Any) -> None:
    if base is list:
        list.__setitem__(live, slice(None), content)
    else:
        base.clear(live)  # type: ignore[attr-defined]
        base.update(live, content)  # type: ignore[attr-defined]
    object.__setattr__(live, "_assay_asked", live._assay_handles.asked)  # noqa: SLF001 - our own


def _read(base: type, name: str) -> Callable[..., Any]:
    method = getattr(base, name)

    def read(self: Live, *args: object, **kwargs: object) -> Any:
        _refresh(self)
        return method(self, *args, **kwargs)

    return read


def _operator(base: type, name: str) -> Callable[[Any, object], Any]:
    """Between two objects the candidate says what comes of it; with a value of the test's the plain type does."""
    method = getattr(base, f"__{name}__", None)

    def operate(self: Any, other: object) -> Any:
        if isinstance(other, Remote):
            return self._assay_handles.ask(f"!{name}", (handle_of(self), other), {})
        if base in _MUTABLE:
            _refresh(self)
        return NotImplemented if method is None else method(self, other)

    return operate


def _set_item(self: Live, key: object, value: object) -> None:
    handle_of(self)[key] = value


def _delete_item(self: Live, key: object) -> None:
    del handle_of(self)[key]


def _format(self: Any, specification: str) -> str:
    base: Any = type(self)._assay_base  # noqa: SLF001 - our own
    return base.__format__(self, specification) if specification else str(self)


def _kind_of(base: type) -> type:
    members: dict[str, Any] = {"_assay_base": base, "__format__": _format}
    members |= {f"__{name}__": _operator(base, name) for name in _OPERATORS}
    if base in _MUTABLE:
        members |= {name: _read(base, name) for name in _READS if name not in members and hasattr(base, name)}
        members |= {"__hash__": None}
    if base in (list, dict):
        members |= {"__setitem__": _set_item, "__delitem__": _delete_item}
    return type(f"Live{base.__name__}", (Live, base), members)


_MUTABLE: Final = (list, dict, set)
_KINDS: Final = {base: _kind_of(base) for base in (*_MUTABLE, frozenset, tuple, str, int, float)}


def make_live(handles: Handles, reference: Reference, plain: Any) -> object:
    """The value of ``reference``, with the content ``plain``; the same object each time."""
    if type(plain) not in _KINDS:
        return plain
    live = handles.lives.get(reference.number)
    if live is not None and type(live)._assay_base is type(plain):  # noqa: SLF001 - our own
        if type(plain) in _MUTABLE:
            _fill(live, type(plain), plain)
        return live
    kind: Any = handles.kind(reference.kind, _KINDS[type(plain)])
    live = kind() if type(plain) in _MUTABLE else kind(plain)
    object.__setattr__(live, "_assay_handles", handles)
    object.__setattr__(live, "_assay_reference", reference)
    if type(plain) in _MUTABLE:
        _fill(live, type(plain), plain)
    handles.lives[reference.number] = live
    return live
