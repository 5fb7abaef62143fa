"""Runs one test of a pytest suite in an examiner's cell, away from the candidate.

The suite's files lie in a folder of their own, where pytest finds them and nothing of the candidate's. The module
under test, and what other modules the candidate has, are stubs: a name of theirs is asked of the candidate's cell,
and what the test does with it travels there as in any examination (`assay_agent.examiner`). A plugin in this very
process collects what came of the test; no report, exit status or output is read. The test passes if it ran, every
run of it passed with set-up and tear-down, and every assertion on its straight path was executed in one of them:
skipped, expected to fail, not collected and deselected are all failures.
"""

import ast
import builtins
import importlib
import os
import sys
import types
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location, spec_from_loader
from typing import Any, Final

import pytest
from _pytest.config import default_plugins

from assay_agent.examiner import (
    BROKEN,
    FAILED,
    PASSED,
    RAISED,
    Candidate,
    CandidateError,
    Stub,
    Unproxyable,
    built_in,
)
from assay_agent.layout import CELL_WORK
from assay_agent.marks import MARK, mark_assertions, required_lines
from assay_agent.together import Finding

__all__ = ["run_test", "together"]

_FOLDER: Final = f"{CELL_WORK}/suite"
_MAX_REASON_CHARS: Final = 500
_UNUSED: Final = ("cacheprovider", "doctest", "faulthandler", "junitxml", "pastebin", "stepwise", "terminal")
_PHASES: Final = frozenset({"setup", "call", "teardown"})

for _plugin in default_plugins:
    if _plugin not in _UNUSED:  # paid for once, in the nursery
        importlib.import_module(_plugin if "." in _plugin else f"_pytest.{_plugin}")


class _StubModule(types.ModuleType):
    """A module of the candidate's, as the tests see it."""

    def __init__(self, name: str, prefix: str, candidate: Candidate, script: dict[str, Any]) -> None:
        """``prefix`` goes before the names that are asked for: `node:`, or nothing for the module under test."""
        super().__init__(name)
        vars(self).update(_assay_prefix=prefix, _assay_candidate=candidate, _assay_script=script)

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return self._exported()
        if name.startswith("__"):
            raise AttributeError(name)
        kind, bases = self._kind(name)
        asked = f"{self._assay_prefix}{name}"
        if kind == "value":
            return self._assay_candidate.ask("!name", (asked,), {})
        if kind == "callable":
            found: Any = Stub(asked, self._assay_candidate, handles=self._assay_script["handles"])
        elif kind == "exception":
            found = self._exception(name, bases)
        else:
            error = AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
            error.assay_candidate = True  # type: ignore[attr-defined]
            raise error
        vars(self)[name] = found
        return found

    def __setattr__(self, name: str, value: object) -> None:
        if name.startswith("__"):  # the import system's own
            super().__setattr__(name, value)
        else:
            self._assay_candidate.fail(f"the test patches {name!r}, which cannot reach the program")

    def __delattr__(self, name: str) -> None:
        self._assay_candidate.fail(f"the test patches {name!r}, which cannot reach the program")

    def _kind(self, name: str) -> tuple[str, list[str]]:
        answer = self._assay_candidate.ask("!kind", (f"{self._assay_prefix}{name}",), {})
        if type(answer) is not tuple or [type(part) for part in answer] != [str, list]:
            self._assay_candidate.fail("the candidate sent what is no answer")
        kind, bases = answer
        return kind, bases

    def _exported(self) -> list[str]:
        """What `import *` binds: of the names the tests use and nobody else defines, those that are there."""
        return [name for name in self._assay_script["star_names"] if self._kind(name)[0] != "absent"]

    def _exception(self, name: str, bases: list[str]) -> type[Exception]:
        known = self._assay_candidate.exceptions
        if name not in known:
            kinds = [built_in(base) for base in bases if type(base) is str]
            nearest = next((kind for kind in kinds if kind not in (None, Exception)), None)
            try:
                known[name] = type(name, (CandidateError, *([nearest] if nearest else ())), {})
            except (TypeError, ValueError):  # classes that cannot be one, and no name of a class
                known[name] = type(name, (CandidateError,), {})
        return known[name]  # type: ignore[no-any-return]


class _StubLoader:
    """Gives a stub module to the import system."""

    def __init__(self, module: _StubModule) -> None:
        self._module = module

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        del spec
        return self._module

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing to execute."""


class _StubFinder:
    """Finds modules of the candidate's."""

    def __init__(self, modules: dict[str, _StubModule]) -> None:
        self._modules = modules

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        del path, target
        module = self._modules.get(name)
        return None if module is None else spec_from_loader(name, _StubLoader(module))  # type: ignore[arg-type]


class _MarkingLoader(SourceFileLoader):
    """Loads a file of the suite with a mark behind every assertion."""

    def __init__(self, name: str, path: str, marks: Callable[[tuple[str, int]], None]) -> None:
        super().__init__(name, path)
        self._marks = marks

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> types.CodeType:  # type: ignore[override]
        tree = mark_assertions(ast.parse(data), os.path.basename(path))
        code: types.CodeType = compile(tree, path, "exec", dont_inherit=True, optimize=_optimize)
        return code

    def exec_module(self, module: types.ModuleType) -> None:
        vars(module)[MARK] = self._marks
        super().exec_module(module)


class _SuiteFinder:
    """Finds the suite's own files, before anything else."""

    def __init__(self, files: Sequence[str], marks: Callable[[tuple[str, int]], None]) -> None:
        self._files = files
        self._marks = marks

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        del path, target
        if f"{name}.py" not in self._files:
            return None
        place = f"{_FOLDER}/{name}.py"
        return spec_from_file_location(name, place, loader=_MarkingLoader(name, place, self._marks))


class _Outcomes:
    """The plugin: what came of every run of the test."""

    def __init__(self) -> None:
        self.phases: dict[str, set[str]] = {}
        self.bad: str | None = None
        self.error: BaseException | None = None

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Takes note of a phase of a run, or of a part of it."""
        if report.outcome != "passed" or hasattr(report, "wasxfail"):
            what = "was expected to fail" if hasattr(report, "wasxfail") else report.outcome
            self.bad = self.bad or f"the test was not passed: {what} in its {report.when}"
        elif type(report) is pytest.TestReport:
            self.phases.setdefault(report.nodeid, set()).add(report.when)

    def pytest_collectreport(self, report: Any) -> None:
        """Takes note of tests that cannot be collected."""
        if report.outcome != "passed":
            self.bad = self.bad or "the tests could not be collected"

    @pytest.hookimpl(tryfirst=True)
    def pytest_exception_interact(self, call: Any) -> None:
        """Keeps the first exception."""
        if self.error is None and call.excinfo is not None:
            self.error = call.excinfo.value


def _place(error: BaseException) -> str:
    """Where in the suite an exception arose. Its text may hold an expected value, and stays here."""
    place, trace = "", error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(f"{_FOLDER}/"):
            place = f" in line {trace.tb_lineno} of {os.path.basename(file)}"
        trace = trace.tb_next
    return place


def _verdict(
    outcomes: _Outcomes, required: set[tuple[str, int]], passed: set[tuple[str, int]]
) -> tuple[bytes, str]:
    error = outcomes.error
    if isinstance(error, Unproxyable):
        return BROKEN, f"{error}"[:_MAX_REASON_CHARS]
    if hasattr(error, "assay_candidate"):
        return RAISED, f"{type(error).__name__}: {error}"[:_MAX_REASON_CHARS]
    if error is not None:
        what = "an assertion failed" if type(error) is AssertionError else f"the test raised {type(error).__name__}"
        return FAILED, f"{what}{_place(error)}"
    if outcomes.bad is not None:
        return FAILED, outcomes.bad
    if not outcomes.phases or any(phases != _PHASES for phases in outcomes.phases.values()):
        return FAILED, "the test was not run"
    missed = required - passed
    return (FAILED, f"{len(missed)} of {len(required)} assertions were never reached") if missed else (PASSED, "")


def _see_stubs(script: dict[str, Any], candidate: Candidate) -> None:
    """Makes the candidate's modules importable. Only the one under test may hide what is there already, and from
    nobody but the suite's files where that is a module of the standard library or of pytest.
    """
    name = script["module"]
    module = _StubModule(name, "", candidate, script)
    others = {
        other: _StubModule(other, f"{other}:", candidate, script)
        for other in script["other_modules"]
        if other not in sys.stdlib_module_names and other not in sys.modules and other != name
    }
    sys.meta_path.append(_StubFinder(others))
    if name in sys.modules or name in sys.stdlib_module_names:
        _show_to_suite(name, module)
    else:
        sys.meta_path.insert(0, _StubFinder({name: module}))


def _show_to_suite(name: str, module: types.ModuleType) -> None:
    real = builtins.__import__

    def look(
        wanted: str, given: Any = None, local: Any = None, fromlist: Sequence[str] | None = (), level: int = 0
    ) -> Any:
        if wanted == name and level == 0 and str((given or {}).get("__file__", "")).startswith(f"{_FOLDER}/"):
            return module
        return real(wanted, given, local, fromlist or (), level)

    builtins.__import__ = look  # type: ignore[assignment]


def _lay_out(files: dict[str, str]) -> None:
    os.mkdir(_FOLDER)
    for name, content in files.items():
        with open(f"{_FOLDER}/{name}", "x", encoding="utf-8") as file:
            file.write(content)
    os.chdir(_FOLDER)


def _hold(script: dict[str, Any], passed: set[tuple[str, int]]) -> _Outcomes:
    """Runs the test with pytest; the suite's files are laid out, and its module can be imported."""
    import random  # see `assay_agent.examiner`

    random.seed(0)
    sys.meta_path.insert(0, _SuiteFinder(list(script["files"]), passed.add))
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTEST_ADDOPTS", None)
    outcomes = _Outcomes()
    options = ["-c", "/dev/null", "--rootdir", _FOLDER, "--confcutdir", _FOLDER, "--assert=plain", "--capture=no"]
    blocked = [word for name in _UNUSED for word in ("-p", f"no:{name}")]
    pytest.main([*blocked, *options, f"{_FOLDER}/{script['node']}"], plugins=[outcomes])
    return outcomes


def _required_of(script: dict[str, Any]) -> set[tuple[str, int]]:
    file = script["node"].partition("::")[0]
    return {(file, line) for line in required_lines(script["files"][file], script["node"])}


def run_test(script: dict[str, Any], channel: int) -> tuple[bytes, str]:
    """Runs one test and says what came of it.

    ``script`` has the texts `files` by name, `module`, the list `other_modules` of the candidate's, `node`, the
    test as pytest names it, `star_names`, what `from module import *` may bind, and `handles`.
    """
    if script["node"].partition("::")[0] not in script["files"]:
        return FAILED, "there is no such test"
    _lay_out(script["files"])
    candidate = Candidate(channel, handles=script["handles"])
    candidate.stops = any("StopIteration" in text for text in script["files"].values())
    _see_stubs(script, candidate)
    passed: set[tuple[str, int]] = set()
    outcomes = _hold(script, passed)
    return _verdict(outcomes, _required_of(script), passed)


def together(script: dict[str, Any]) -> Callable[[types.ModuleType], Finding]:
    """What runs one test with the program in this very process; the files are laid out before that is loaded.

    ``script`` has `files`, `module` and `node`, as `run_test` has them. What passed has the form of pytest's names.
    """
    known = script["node"].partition("::")[0] in script["files"]
    _lay_out(script["files"])

    def run(module: types.ModuleType) -> Finding:
        if not known:
            return Finding(FAILED, "there is no such test")
        if module.__name__ != script["module"]:
            _show_to_suite(script["module"], module)
        passed: set[tuple[str, int]] = set()
        outcomes = _hold(script, passed)
        kind, reason = _verdict(outcomes, _required_of(script), passed)
        if kind == FAILED and outcomes.error is not None and not isinstance(outcomes.error, AssertionError):
            kind = RAISED
        return Finding(kind, reason, tuple(name.rpartition("/")[2] for name in outcomes.phases))

    return run
