"""The candidate's own objects, as a test in another sandbox works on them: the candidate's end of a handle.

An object that is no plain value stays here and crosses as a reference. The test's operations on it come as
requests, whose names begin with `!`; what they give is a plain value or a reference again.
"""

import copy
from collections.abc import Callable
from itertools import takewhile
from typing import Any, Final

from assay_agent.values import NotAValue, Reference

__all__ = ["OPERATIONS", "Objects"]

MAX_OBJECTS: Final = 200_000
"""Most objects that are kept for a test; each lives as long as its cell."""


class Objects:
    """The objects that a test may refer to."""

    def __init__(self) -> None:
        self._objects: list[object] = []
        self._numbers: dict[int, int] = {}

    def refer(self, target: object) -> Reference:
        """The reference of an object, the same one whenever it crosses.

        Raises:
            NotAValue: there are too many.
        """
        number = self._numbers.get(id(target))
        if number is None:
            if len(self._objects) >= MAX_OBJECTS:
                raise NotAValue("too many objects")
            number = self._numbers[id(target)] = len(self._objects)
            self._objects.append(target)
        return Reference(number, type(target).__name__)

    def also(self, target: object) -> Reference | None:
        """The reference of a plain value that has more to it; None for any other, or if there are too many."""
        if not _is_rich(target) or (id(target) not in self._numbers and len(self._objects) >= MAX_OBJECTS):
            return None
        return self.refer(target)

    def resolve(self, reference: Reference, _plain: object = None) -> object:
        """The object of a reference, whatever it was as a plain value.

        Raises:
            NotAValue: there is none.
        """
        if reference.number >= len(self._objects):
            raise NotAValue("no such object")
        return self._objects[reference.number]


_RICH: Final = (list, dict, set, frozenset, tuple, str, int, float)
"""Plain types whose subclasses are referred to."""


def _own_names(kind: type) -> list[str]:
    """The public names by which a subclass of a plain type differs from that."""
    classes = list(takewhile(lambda each: each not in _RICH, kind.__mro__))
    return [name for each in classes for name in vars(each) if not name.startswith("_")]


def _is_rich(target: object) -> bool:
    kind = type(target)
    if not isinstance(target, _RICH) or kind in _RICH or kind.__module__.partition(".")[0] == "numpy":
        return False
    return bool(_own_names(kind) or getattr(target, "__dict__", None))


def _plain(target: Any) -> Any:
    """The elements of a list, dict or set of a richer type, by the slots of the plain one."""
    if isinstance(target, dict):
        return dict(dict.items(target))
    return set(set.__iter__(target)) if isinstance(target, set) else list.__getitem__(target, slice(None))


def _call_method(target: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    return getattr(target, name)(*args, **kwargs)


def _call(target: Any, *args: Any, **kwargs: Any) -> Any:
    return target(*args, **kwargs)


def _item(target: Any, key: Any) -> Any:
    return target[key]


def _set_item(target: Any, key: Any, value: Any) -> None:
    target[key] = value


def _delete_item(target: Any, key: Any) -> None:
    del target[key]


def _slice(target: Any, start: Any, stop: Any, step: Any) -> Any:
    return target[start:stop:step]


def _is_subclass(target: Any, kind: Any) -> bool:
    return isinstance(target, type) and issubclass(target, kind)


OPERATIONS: Final[dict[str, Callable[..., Any]]] = {
    "!bool": bool,
    "!call": _call,
    "!complex": complex,
    "!contains": lambda target, element: element in target,
    "!copy": copy.copy,
    "!deepcopy": copy.deepcopy,
    "!delattr": delattr,
    "!delitem": _delete_item,
    "!float": float,
    "!getattr": getattr,
    "!getitem": _item,
    "!hash": hash,
    "!index": lambda target: target.__index__(),
    "!int": int,
    "!isinstance": isinstance,
    "!issubclass": _is_subclass,
    "!iter": iter,
    "!len": len,
    "!method": _call_method,
    "!names": lambda target: _own_names(type(target)),
    "!next": next,
    "!plain": _plain,
    "!repr": repr,
    "!reversed": reversed,
    "!round": round,
    "!setattr": setattr,
    "!setitem": _set_item,
    "!slice": _slice,
    "!str": str,
    "!eq": lambda one, other: one == other,
    "!lt": lambda one, other: one < other,
    "!le": lambda one, other: one <= other,
    "!gt": lambda one, other: one > other,
    "!ge": lambda one, other: one >= other,
    "!add": lambda one, other: one + other,
    "!sub": lambda one, other: one - other,
    "!mul": lambda one, other: one * other,
    "!matmul": lambda one, other: one @ other,
    "!truediv": lambda one, other: one / other,
    "!floordiv": lambda one, other: one // other,
    "!mod": lambda one, other: one % other,
    "!pow": lambda one, other: one**other,
    "!and": lambda one, other: one & other,
    "!or": lambda one, other: one | other,
    "!xor": lambda one, other: one ^ other,
    "!abs": abs,
    "!neg": lambda target: -target,
    "!pos": lambda target: +target,
    "!invert": lambda target: ~target,
}
"""What a request may ask for besides the call of a function by its name."""
