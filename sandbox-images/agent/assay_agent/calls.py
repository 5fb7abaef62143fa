"""Serves calls on a loaded program: the candidate's end of an examination.

The judge sends a request, the encoded tuple `(name, args, kwargs)`, and gets one answer: `V` with the pair
`(value, arguments afterwards)`, `E` with an exception (see `_describe`), or `U` if the value can be neither
a plain one nor referred to. A name that begins with `!` is an operation on an object (`assay_agent.objects`), or
`!name`, which gives what a name of the program's is, or `!kind`, which tells a name's kind. A name `node:Node` is
of another module than the program's own, which lies in its working directory.
Arguments come back only after a call that returned None, which is how functions that work in place look; a
function that returns something cannot rewrite what the test still holds.
"""

import importlib
import os
import types
from collections.abc import Callable
from typing import Any, Final, NoReturn

from assay_agent.objects import OPERATIONS, Objects
from assay_agent.program import (
    CALLED_MODULE,
    Submission,
    answer_frame,
    describe,
    load_module,
    resolve,
)
from assay_agent.protocol import read_exactly, write_all
from assay_agent.values import MAX_VALUE_BYTES, NotAValue, decode, encode

__all__ = ["KIND", "LOADED", "NAME", "read_message", "serve"]

NAME: Final = "!name"
"""The request for what a name of the program's is."""
KIND: Final = "!kind"
"""The request for a name's kind: `absent`, `exception`, `callable` or `value`, and the names of its bases."""
_OPERATION: Final = "!"
LOADED: Final = b"L"
"""The kind of the first answer: the program was loaded and is ready to be called."""


def read_message(channel: int) -> bytes:
    """One length-prefixed message.

    Raises:
        EOFError: the other side is gone.
    """
    size = int.from_bytes(read_exactly(channel, 4), "big")
    if size > MAX_VALUE_BYTES + 1:
        raise EOFError("a message over the cap")
    return read_exactly(channel, size)


def _answer(module: types.ModuleType, objects: Objects, request: Any) -> bytes:
    name, args, kwargs = request
    try:
        function = _function(module, name)
        value = function(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - the program's own exception, an answer like any other
        return answer_frame(b"E", _describe(error, objects))
    in_place = value is None and not name.startswith(_OPERATION)
    try:
        return answer_frame(b"V", encode((value, args if in_place else None), objects.refer, objects.also))
    except NotAValue as error:
        return answer_frame(b"U", encode(str(error)))


def _describe(error: BaseException, objects: Objects) -> bytes:
    """An exception as a value: see `program.describe`; then arguments and a reference, if they can cross."""
    described = decode(describe(error))
    try:
        return encode((*described, error.args, error), objects.refer, objects.also)  # type: ignore[misc]
    except NotAValue:
        return encode((*described, (), None))  # type: ignore[misc]


def serve(submission: Submission, channel: int, report: int) -> NoReturn:
    """Loads the program and answers calls until the judge hangs up; an exit of the program ends the cell."""
    module, code = load_module(CALLED_MODULE, submission, report)
    if code is None:
        os._exit(1)
    try:
        exec(code, module.__dict__)  # noqa: S102 - running the program is the point
    except Exception as error:  # noqa: BLE001 - the program's own exception, an answer like any other
        write_all(channel, answer_frame(b"E", describe(error)))
        os._exit(1)
    write_all(channel, answer_frame(LOADED, b""))
    objects = Objects()
    while True:
        write_all(channel, _answer(module, objects, _request(channel, objects)))


def _function(module: types.ModuleType, name: str) -> Callable[..., Any]:
    """What answers a request of that name."""
    if name == NAME:
        return lambda wanted: getattr(*_found(module, wanted))
    if name == KIND:
        return lambda wanted: _kind(*_found(module, wanted))
    return OPERATIONS[name] if name.startswith(_OPERATION) else resolve(*_found(module, name))


def _found(module: types.ModuleType, wanted: str) -> tuple[types.ModuleType, str]:
    """The module that has a name, and the name in it."""
    other, _, name = wanted.rpartition(":")
    return (importlib.import_module(other) if other else module), name


def _kind(module: types.ModuleType, name: str) -> tuple[str, list[str]]:
    try:
        target = getattr(module, name)
    except AttributeError:
        return "absent", []
    if isinstance(target, type) and issubclass(target, Exception):
        return "exception", [kind.__name__ for kind in target.__mro__]
    return ("callable" if callable(target) else "value"), []


def _request(channel: int, objects: Objects) -> Any:
    try:
        return decode(read_message(channel), objects.resolve)
    except EOFError:
        os._exit(0)
