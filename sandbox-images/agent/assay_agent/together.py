"""Runs test code in the candidate's own process: what examiners cannot run, where the request allows it.

The runner is there before the program, reads the tests first, and tells on the channel what passed. None of that
keeps a program from doing the same: it shares the process. That is why the judge believes no such pass before
variants of the tests, which an honest program fails, have failed (`assay_workers.graders.in_process`).
"""

import json
import os
import sys
import types
from collections.abc import Callable
from typing import Any, Final, NamedTuple, NoReturn

from assay_agent.layout import CELL_WORK
from assay_agent.marks import CHECK, MARK, mark_script
from assay_agent.program import (
    CALLED_MODULE,
    Submission,
    answer_frame,
    flush_streams,
    guarded,
    load_module,
    note_modules,
    resolve,
)
from assay_agent.protocol import write_all
from assay_agent.values import encode

__all__ = ["FAILED", "PASSED", "RAISED", "Finding", "run_together"]

PASSED: Final = b"P"
"""The tests passed: content is an empty reason and the names of what was passed."""
FAILED: Final = b"F"
"""An assertion failed, or a test did not run to its end."""
RAISED: Final = b"R"
"""Something else was raised."""
_MAX_NOTE_BYTES: Final = 1000
_TESTS: Final = f"{CELL_WORK}/tests.py"


class Finding(NamedTuple):
    """What came of the tests."""

    kind: bytes
    reason: str = ""
    """Why they did not pass: never an exception's text, which may hold an expected value."""
    passed: tuple[str, ...] = ()
    """Tests that passed, and assertions that were executed."""


Runner = Callable[[types.ModuleType], Finding]


def run_together(submission: Submission, given: bytes, channel: int, report: int) -> NoReturn:
    """Loads the program, runs the tests ``given`` on it, and tells what came of it.

    ``given`` is JSON: with a `runner` a test of a pytest suite (see `assay_agent.pytest_run`), else a script as
    examiners get it (`assay_agent.examiner.examine`). A program that ends before its tests do says nothing. What is
    wrong with the tests themselves is noted in the report, an error's code and why, before the program starts.
    """
    script: dict[str, Any] = json.loads(given)
    try:
        name, run = _runner(script)
    except (ImportError, SyntaxError) as error:
        fault = "invalid_tests" if isinstance(error, SyntaxError) else "tests_not_isolable"
        os.write(report, f"{fault}: {error}".encode("utf-8", "replace")[:_MAX_NOTE_BYTES])
        os._exit(1)
    note_modules()
    module, code = load_module(name, submission, report)
    if code is None:
        os._exit(1)
    sys.path.remove(CELL_WORK)
    sys.path.append(CELL_WORK)  # no file of the submission hides a module from the tests
    loaded = False

    def load() -> None:
        nonlocal loaded
        exec(code, module.__dict__)  # noqa: S102 - running the program is the point
        loaded = True

    status = guarded(load)
    if not loaded:
        flush_streams()
        os._exit(status)
    _tell(channel, run(module))


def _tell(channel: int, finding: Finding) -> NoReturn:
    write_all(channel, answer_frame(finding.kind, encode((finding.reason, sorted(finding.passed)))))
    flush_streams()
    os._exit(0)


def _runner(script: dict[str, Any]) -> tuple[str, Runner]:
    """The name that the program's module is to have, and what runs the tests; these have been read by then.

    Raises:
        ImportError: there is no pytest.
    """
    if "runner" in script:
        runner = sys.modules.get(script["runner"])  # imported while our files could be read; see `assay_agent.cell`
        if runner is None:
            raise ImportError("this sandbox has no pytest")
        name: str = script["module"]
        hidden = name in sys.modules or name in sys.stdlib_module_names
        return CALLED_MODULE if hidden else name, runner.together(script)
    return CALLED_MODULE, _ScriptRunner(script)


class _ScriptRunner:
    """A script, which sees the program's names as if it stood behind it in one file."""

    def __init__(self, script: dict[str, Any]) -> None:
        self._script = script
        self._marked = mark_script(script["source"])
        self._code = compile(self._marked.tree, _TESTS, "exec", dont_inherit=True)
        self._cases: list[str] = script.get("case_tests", [])
        self._run_cases = sys.modules[script["cases_runner"]].run_cases if self._cases else None

    def __call__(self, module: types.ModuleType) -> Finding:
        marks: set[int] = set()
        passed: list[str] = []
        try:
            namespace = self._namespace(module, marks)
            exec(self._code, namespace)  # noqa: S102 - trusted test code
            if self._marked.wants_check and self._script["entry_point"]:
                namespace[CHECK](namespace["candidate"])
            if self._run_cases is not None:
                passed = self._run_cases(self._cases, namespace)
        except AssertionError as error:
            return Finding(FAILED, f"an assertion failed{_place(error)}")
        except BaseException as error:  # noqa: BLE001 - whatever was raised, the tests were not passed
            return Finding(RAISED, f"{type(error).__name__}{_place(error)}"[:500])
        missed = self._marked.required - marks
        if missed:
            return Finding(FAILED, f"{len(missed)} of {len(self._marked.required)} assertions were never reached")
        return Finding(PASSED, "", (*passed, *(f"assert {number}" for number in marks)))

    def _namespace(self, module: types.ModuleType, marks: set[int]) -> dict[str, Any]:
        """The program's own names; functions and classes of the prompt go before those that it has made of them."""
        import random  # here, since a nursery that had imported it would reseed it in every cell

        namespace = module.__dict__
        sys.modules["__main__"] = module  # as tests know it that patch `__main__.f`
        entry_point = self._script["entry_point"]
        if entry_point:
            namespace["candidate"] = resolve(module, entry_point)
        helpers: dict[str, Any] = {"__name__": CALLED_MODULE}
        exec(compile(self._script["prompt"], "<prompt>", "exec"), helpers)  # noqa: S102 - trusted test code
        wanted = {name.partition(".")[0] for name in self._script["candidate_names"]}
        for name, value in helpers.items():
            ours = isinstance(value, (types.FunctionType, type)) and value.__module__ == CALLED_MODULE
            if name not in wanted and (ours or name not in namespace):
                namespace[name] = value
        namespace[MARK] = marks.add
        random.seed(0)
        return namespace


def _place(error: BaseException) -> str:
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _TESTS:
            line = trace.tb_lineno
        trace = trace.tb_next
    return f" in line {line} of the test" if line else ""
