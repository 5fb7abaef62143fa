"""Runs a Python submission in the process that is its cell, the way `python3 main.py` would.

A real `__main__` module, `sys.argv`, standard streams of its own, tracebacks that begin at the program's
first line and show its source, `sys.exit` with any argument, `atexit`, unjoined threads, files flushed at the
end, exit status 120 when standard output cannot be flushed: the program's every observable end is Python's.
"""

import atexit
import builtins
import gc
import io
import marshal
import os
import sys
import types
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from typing import Any, Final, NamedTuple, NoReturn

from assay_agent.layout import CELL_WORK
from assay_agent.protocol import write_all
from assay_agent.values import NotAValue, decode, encode, materialize

__all__ = [
    "CALLED_MODULE",
    "FunctionCall",
    "Submission",
    "answer_frame",
    "call_function",
    "describe",
    "flush_streams",
    "guarded",
    "load_module",
    "note_modules",
    "prepare",
    "resolve",
    "run_main",
]

CALLED_MODULE: Final = "solution"
"""Name of the module whose functions are called; its `__main__` guard stays closed."""
_FLUSH_FAILED: Final = 120
_INTERRUPTED: Final = 130
_LONG: Final = 1 << 63
_MAX_CODE_BYTES: Final = 60_000
"""Compiled programs up to this size are kept for the submission's other cells: it must fit into a pipe."""
_MAX_MESSAGE_CHARS: Final = 500
_MOST_BASES: Final = 20
_our_modules: Final[list[str]] = []
_forgotten: Final[list[types.ModuleType]] = []
"""Keeps our modules from being taken apart in every cell, which would cost more than the cell itself."""


class Submission(NamedTuple):
    """What the cell runs."""

    source: bytes
    main: str
    args: tuple[str, ...]
    code: bytes | None
    """The program as an earlier cell of the submission compiled it, before anything of it ran."""


def prepare() -> None:
    """Does in the nursery, once, what every cell would otherwise do for itself.

    Above all the standard streams, as Python makes them at start-up, over whatever descriptors 0, 1 and 2
    will be: each cell has its own copy of these unused objects. Standard input
    must be a seekable file at that moment and the others pipes, as they are in a cell.
    """
    if sys.version_info < (3, 13):  # which read PYTHON_CPU_COUNT
        os.cpu_count = _count_processors
    note_modules()
    sys.stdin = sys.__stdin__ = _stream(0, "<stdin>", "surrogateescape")  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = _stream(1, "<stdout>", "surrogateescape")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _stream(2, "<stderr>", "backslashreplace")  # type: ignore[misc]


def note_modules() -> None:
    """Takes note of which modules are ours, to be forgotten before a program is run."""
    _our_modules[:] = [name for name in sys.modules if name.partition(".")[0] == "assay_agent"]


def _count_processors() -> int:
    """The same on every machine, as a pool of processes has to be of the same size; a slot has one processor."""
    return 1


def _stream(descriptor: int, name: str, errors: str) -> io.TextIOWrapper:
    raw = io.FileIO(descriptor, "wb" if descriptor else "rb", closefd=False)
    raw.name = name
    binary = io.BufferedWriter(raw) if descriptor else io.BufferedReader(raw)
    stream = io.TextIOWrapper(binary, "utf-8", errors, "\n", line_buffering=descriptor == 2)
    stream.mode = "w" if descriptor else "r"  # type: ignore[misc]  # what a program may ask for
    return stream


def _forget_the_agent() -> None:
    """Takes our modules out of `sys.modules`, by name: to search the table would touch hundreds of pages."""
    _forgotten.extend(sys.modules.pop(name) for name in _our_modules)


def _make_module(name: str, submission: Submission) -> types.ModuleType:
    path = f"{CELL_WORK}/{submission.main}"
    module = types.ModuleType(name)
    module.__dict__.update(__file__=path, __cached__=None, __annotations__={}, __builtins__=builtins)
    module.__loader__ = SourceFileLoader(name, path)
    sys.modules[name] = module
    sys.path[0:1] = [CELL_WORK]
    sys.argv = [submission.main, *submission.args]
    sys.orig_argv = [sys.executable, *sys.argv]
    return module


def _compile(submission: Submission, report: int) -> types.CodeType | None:
    """The code of the program; a source that is none is reported and explained as Python would."""
    if submission.code is not None:
        return marshal.loads(submission.code)  # type: ignore[no-any-return]  # noqa: S302 - see `Submission.code`
    try:
        code = compile(submission.source, f"{CELL_WORK}/{submission.main}", "exec", dont_inherit=True)
    except BaseException as error:  # noqa: BLE001 - whatever the compiler says of a hostile source
        os.write(report, b"compile")
        sys.excepthook(type(error), error.with_traceback(None), None)
        return None
    compiled = marshal.dumps(code)
    if len(compiled) < _MAX_CODE_BYTES:
        os.write(report, b"code" + compiled)
    return code


def load_module(name: str, submission: Submission, report: int) -> tuple[types.ModuleType, types.CodeType | None]:
    """Prepares the interpreter for the program and compiles it; from then on nothing of ours is in reach."""
    module = _make_module(name, submission)
    code = _compile(submission, report)
    os.close(report)
    os.closerange(4, 1 << 16)
    _forget_the_agent()
    gc.enable()
    return module, code


def run_main(submission: Submission, report: int) -> NoReturn:
    """Runs the program as `__main__` and ends the process with the status Python would give."""
    module, code = load_module("__main__", submission, report)
    if code is None:
        _end(1)
    os.closerange(3, 4)
    status = guarded(lambda: exec(code, module.__dict__))  # noqa: S102 - running the program is the point
    _end(_shut_down(module, status))


def guarded(run: Callable[[], object]) -> int:
    """Runs the program and turns its end into an exit status, as the interpreter does."""
    try:
        run()
    except SystemExit as leaving:
        return _exit_status(leaving.code)
    except KeyboardInterrupt as error:
        _show(error)
        return _INTERRUPTED
    except BaseException as error:  # noqa: BLE001 - the program's own exception
        _show(error)
        return 1
    return 0


def _exit_status(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF if -_LONG <= code < _LONG else 0xFF
    print(code, file=sys.stderr)  # noqa: T201 - as sys.exit("text") does
    return 1


def _show(error: BaseException) -> None:
    """Prints the traceback without our own frames."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_frame.f_code.co_filename == __file__:
        traceback = traceback.tb_next
    try:
        sys.excepthook(type(error), error.with_traceback(traceback), traceback)
    except BaseException as second:  # noqa: BLE001 - an excepthook of the program's own
        print("Error in sys.excepthook:", file=sys.stderr)  # noqa: T201 - as Python does
        second.__context__ = None
        of_hook = second.__traceback__ and second.__traceback__.tb_next
        sys.__excepthook__(type(second), second.with_traceback(of_hook), of_hook)
        print("\nOriginal exception was:", file=sys.stderr)  # noqa: T201 - as Python does
        sys.__excepthook__(type(error), error, traceback)


def _shut_down(module: types.ModuleType, status: int) -> int:
    """Does what the interpreter does at its end: threads, exit functions, destructors, buffers."""
    try:
        if "threading" in sys.modules:
            sys.modules["threading"]._shutdown()  # noqa: SLF001 - what Py_Finalize calls
        atexit._run_exitfuncs()  # noqa: SLF001 - what Py_Finalize calls
        for name in list(module.__dict__):
            if name != "__builtins__":
                module.__dict__[name] = None
        gc.collect()
    except SystemExit as leaving:
        status = _exit_status(leaving.code)
    except BaseException as error:  # noqa: BLE001 - an exit function of the program's own
        _show(error)
    return status if flush_streams() else _FLUSH_FAILED


def flush_streams() -> bool:
    """Whether standard output could be flushed, as both outputs are."""
    flushed = True
    for stream in {id(s): s for s in (sys.stdout, sys.__stdout__, sys.stderr, sys.__stderr__)}.values():
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except BaseException:  # noqa: BLE001 - a stream of the program's own, or a closed descriptor
            flushed = stream not in (sys.stdout, sys.__stdout__) and flushed
    return flushed


def _end(status: int) -> NoReturn:
    os._exit(status)


def resolve(module: types.ModuleType, entry_point: str) -> Callable[..., object]:
    """The function that `f`, `Solution.f` or `Solution().f` names; a class is made without arguments.

    Raises:
        AttributeError: the program has no such name.
    """
    target: Any = module
    for part in entry_point.replace("()", "").split("."):
        if isinstance(target, type) and target is not module:
            target = target()
        target = getattr(target, part)
    return target  # type: ignore[no-any-return]


def describe(error: BaseException) -> bytes:
    """An exception as a value: the name of its type, its text, and the names of its type's bases, nearest first."""
    try:
        text = str(error)[:_MAX_MESSAGE_CHARS]
    except BaseException:  # noqa: BLE001 - an exception of the program's own
        text = ""
    names = [kind.__name__[:100] for kind in type(error).__mro__[1:_MOST_BASES]]
    return encode((type(error).__name__[:100], text, names))


def answer_frame(kind: bytes, content: bytes) -> bytes:
    """One answer on the value channel: its length, a kind (`V`alue, `E`xception, `U`nusable) and its content."""
    return (1 + len(content)).to_bytes(4, "big") + kind + content


class FunctionCall(NamedTuple):
    """One call."""

    entry_point: str
    arguments: bytes
    """The encoded pair of positional and keyword arguments."""
    materialize: bool
    """Whether an iterator counts as the list of what it gives."""
    in_place: int | None
    """The positional argument that is the answer, as the call leaves it, instead of what is returned."""


def call_function(submission: Submission, wanted: FunctionCall, channel: int, report: int) -> NoReturn:
    """Loads the program, calls one function once, and answers with its value."""
    given: Any = decode(wanted.arguments)
    module, code = load_module(CALLED_MODULE, submission, report)
    if code is None:
        _end(1)
    answer = b""

    def call() -> None:
        nonlocal answer
        exec(code, module.__dict__)  # noqa: S102 - running the program is the point
        function = resolve(module, wanted.entry_point)
        try:
            returned = function(*given[0], **given[1])
            value = returned if wanted.in_place is None else given[0][wanted.in_place]
            answer = answer_frame(b"V", encode(materialize(value) if wanted.materialize else value))
        except NotAValue as error:
            answer = answer_frame(b"U", encode(str(error)))

    status = guarded(call)
    if status == 0 and answer:
        write_all(channel, answer)
    flush_streams()
    _end(status)
