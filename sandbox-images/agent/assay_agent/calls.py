"""Serves calls on a loaded program: the candidate's end of an examination.

The judge sends a request, the encoded tuple `(name, args, kwargs)`, and gets one answer: `V` with the pair
`(value, arguments afterwards)`, `E` with an exception's type and text, or `U` if the value is not a plain one.
Arguments come back only after a call that returned None, which is how functions that work in place look; a
function that returns something cannot rewrite what the test still holds.
"""

import os
from typing import Any, Final, NoReturn

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

__all__ = ["LOADED", "read_message", "serve"]

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


def _answer(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    try:
        value = function(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - the program's own exception, an answer like any other
        return answer_frame(b"E", describe(error))
    try:
        return answer_frame(b"V", encode((value, args if value is None else None)))
    except NotAValue as error:
        return answer_frame(b"U", encode(str(error)))


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
    while True:
        name, args, kwargs = _request(channel)
        try:
            function = resolve(module, name)
        except Exception as error:  # noqa: BLE001 - the program's own exception, an answer like any other
            write_all(channel, answer_frame(b"E", describe(error)))
            continue
        write_all(channel, _answer(function, args, kwargs))


def _request(channel: int) -> Any:
    try:
        return decode(read_message(channel))
    except EOFError:
        os._exit(0)
