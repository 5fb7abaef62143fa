"""Suites of pytest and unittest files: what is judged, and what a hostile program cannot earn from them."""

# ruff: noqa: E501 - programs on one line each

from typing import Any

import pytest

from assay.contract import ComponentResult, Detail, Item, ItemResult, PytestSuite, Verdict
from assay.settings import Settings
from assay_agent.examiner import BROKEN, PASSED
from assay_agent.values import encode
from assay_workers.graders.pytest_suite import PytestScript
from assay_workers.port import Grader
from assay_workers.sandbox.jail.driver import JailDriver
from tests.fixtures.attacks import program_of, shared_entries
from tests.fixtures.sandboxes import QUICK

_ACCEPTED, _WRONG, _ERROR = Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR

_TEXT = """
import re
def clamp(x, low, high):
    if low > high: raise ValueError("low > high")
    return max(low, min(high, x))
def slugify(text): return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
"""
_TESTS = """
import pytest
from solution import clamp, slugify

def test_slugify(): assert slugify("  A--b!!c  ") == "a-b-c"
def test_low(): assert clamp(-3, 0, 10) == 0
@pytest.mark.parametrize("x, expected", [(42, 10), (4, 4)])
def test_high(x, expected): assert clamp(x, 0, 10) == expected
def test_error():
    with pytest.raises(ValueError): clamp(1, 5, 2)
"""
_UNITTEST = """
import unittest
from solution import clamp, slugify
class TextTest(unittest.TestCase):
    def test_slugify(self): self.assertEqual(slugify("Hello World"), "hello-world")
    def test_low(self): self.assertEqual(clamp(-3, 0, 10), 0)
    def test_error(self):
        with self.assertRaises(ValueError): clamp(1, 5, 2)
"""


def _grade_item(
    grader: Grader, code: str, tests: str | dict[str, str], files: dict[str, str], **suite: Any
) -> ItemResult:
    named = {"test_solution.py": tests} if isinstance(tests, str) else tests
    reward = {
        "type": "code",
        "tests": {"kind": "pytest", "files": named, **suite},
        "limits": {"cpu_s": 2, "wall_s": 60},
    }
    item = Item.model_validate({"id": "x", "code": code, "files": files, "rewards": [reward]})
    return grader.grade(item, 0, Detail.VERDICTS)


def _grade(
    grader: Grader, code: str, tests: str | dict[str, str], files: dict[str, str] | None = None, **suite: Any
) -> ComponentResult:
    return _grade_item(grader, code, tests, files or {}, **suite).components[0]


def _verdicts(result: ComponentResult) -> list[Verdict]:
    return [test.verdict for test in result.tests or ()]


@pytest.mark.parametrize("tests", [_TESTS, _UNITTEST], ids=["pytest", "unittest"])
def test_a_right_program_passes_every_test(grader: Grader, tests: str) -> None:
    result = _grade(grader, _TEXT, tests)
    assert (result.score, result.integrity) == (1.0, "examiner"), result.message


def test_a_wrong_program_fails_the_tests_it_fails(grader: Grader) -> None:
    result = _grade(grader, _TEXT.replace("min(high, x)", "x"), _TESTS)
    assert _verdicts(result) == [_ACCEPTED, _ACCEPTED, _WRONG, _ACCEPTED]
    assert result.message == "an assertion failed in line 8 of test_solution.py"


def test_a_nursery_without_the_runner_imports_it_in_the_cell() -> None:
    settings = Settings(sandbox_packages=("pytest",))
    script = PytestScript(
        PytestSuite(kind="pytest", files={"test_a.py": "def test_it(): pass"}), "test_a.py::test_it"
    )
    sandbox = JailDriver(settings).start()
    try:
        session = sandbox.examine(script.encoded(), QUICK)
        assert session.receive() == PASSED + encode("")
        session.close()
    finally:
        sandbox.close()


def test_sandboxes_without_pytest_say_so() -> None:
    script = PytestScript(
        PytestSuite(kind="pytest", files={"test_a.py": "def test_it(): pass"}), "test_a.py::test_it"
    )
    sandbox = JailDriver(Settings(sandbox_packages=())).start()
    try:
        session = sandbox.examine(script.encoded(), QUICK)
        assert session.receive() == BROKEN + encode("the examiners' sandboxes have no pytest")
        session.close()
    finally:
        sandbox.close()


def test_a_manifest_names_the_tests(grader: Grader) -> None:
    nodes = ["test_solution.py::test_high[42-10]", "test_solution.py::test_low", "test_solution.py::test_gone"]
    assert _verdicts(_grade(grader, _TEXT, _TESTS, manifest=nodes)) == [_ACCEPTED, _ACCEPTED, _WRONG]


_HONEST = {
    "a module by its name": ("def f(x): return x + 1", "import solution\ndef test_it(): assert solution.f(1) == 2"),
    "a star": ("def f(x): return x + 1", "from solution import *\ndef test_it(): assert f(1) == 2"),
    "a constant that changes": (
        "N = 0\ndef f():\n    global N\n    N += 1\n    return N",
        "import solution\ndef test_it():\n    assert solution.N == 0\n    solution.f()\n    assert solution.N == 1",
    ),
    "a class": (
        "class S:\n    limit = 3\n    def __init__(self): self.x = []\n    def push(self, v): self.x.append(v)",
        "from solution import S\nclass TestS:\n    def test_it(self):\n        s = S()\n        s.push(4)\n        assert s.x == [4] and isinstance(s, S) and S.limit == 3",
    ),
    "an exception of its own": (
        "class Odd(ValueError): pass\ndef f(): raise Odd('no')",
        "import pytest\nfrom solution import Odd, f\ndef test_it():\n    with pytest.raises(Odd, match='no'): f()\n    with pytest.raises(ValueError): f()\n    assert issubclass(Odd, ValueError)",
    ),
    "an exception called AssertionError": (
        "class AssertionError(Exception): pass\ndef f(): raise AssertionError('no')",
        "import pytest, solution\ndef test_it():\n    with pytest.raises(solution.AssertionError): solution.f()",
    ),
    "fixtures of a conftest and helpers": (
        "def f(x): return x + 1",
        {
            "conftest.py": "import pytest\n@pytest.fixture\ndef one(): return 1",
            "helper.py": "TWO = 2",
            "test_a.py": "from helper import TWO\nfrom solution import f\ndef test_it(one): assert f(one) == TWO",
        },
    ),
    "an early return": (
        "def f(x): return x",
        "import pytest, solution\n@pytest.mark.parametrize('x', [0, 1])\ndef test_it(x):\n    if not x: return\n    assert solution.f(x) == x",
    ),
}


@pytest.mark.parametrize(("code", "tests"), _HONEST.values(), ids=_HONEST.keys())
def test_an_honest_program_passes(grader: Grader, code: str, tests: str | dict[str, str]) -> None:
    result = _grade(grader, code, tests)
    assert (result.verdict, result.score) == (_ACCEPTED, 1.0), result.message


def test_modules_of_the_program_are_had_by_their_names(grader: Grader) -> None:
    files = {"node.py": "class Node:\n    def __init__(self, x): self.x = x"}
    tests = "from node import Node\nfrom solution import f\ndef test_it(): assert f(Node(3)) == 3"
    result = _grade(
        grader, "from node import Node\ndef f(n): return n.x if isinstance(n, Node) else None", tests, files
    )
    assert (result.score, result.integrity) == (1.0, "handles"), result.message


@pytest.mark.parametrize("module", ["json", "string", "textkit"])
def test_the_module_may_have_any_name(grader: Grader, module: str) -> None:
    tests = f"import re\nfrom {module} import clamp\nimport {module} as m\ndef test_it(): assert clamp(5, 0, 3) == 3 and m.clamp(1, 0, 3) == 1"
    assert _grade(grader, _TEXT, tests, module=module).score == 1.0


_ENDS = {
    "a skip at its head": "import pytest\npytest.skip('x', allow_module_level=True)",
    "an exit at its head": "raise SystemExit(0)",
    "a hard exit at its head": "import os\nos._exit(0)",
    "an unittest skip at its head": "import unittest\nraise unittest.SkipTest('x')",
    "no program": "def f(:",
    "patched reports": "import _pytest.reports as r\nr.TestReport.from_item_and_call = classmethod(lambda *a: None)",
    "patched calls": "import _pytest.runner as r\nr.CallInfo.from_call = classmethod(lambda *a, **k: None)",
    "patched unittest": "import unittest\nunittest.TestCase.assertEqual = lambda *a: None\nunittest.TestCase.assertRaises = lambda *a: None",
}
_ANSWERS = {
    "a skip": "import pytest\ndef clamp(*a): pytest.skip('x')\nslugify = clamp",
    "an xfail": "import pytest\ndef clamp(*a): pytest.xfail('x')\nslugify = clamp",
    "an exit": "import sys\ndef clamp(*a): sys.exit(0)\nslugify = clamp",
    "a hard exit": "import os\ndef clamp(*a): os._exit(0)\nslugify = clamp",
    "what equals everything": "class E:\n    def __eq__(self, o): return True\ndef clamp(*a): return E()\nslugify = clamp",
    "an exception called Skipped": "class Skipped(Exception): pass\ndef clamp(*a): raise Skipped('x')\nslugify = clamp",
    "an exception called Failed": "class Failed(BaseException): pass\ndef clamp(*a): raise Failed('x')\nslugify = clamp",
    "an exception called SkipTest": "class SkipTest(Exception): pass\ndef clamp(*a): raise SkipTest('x')\nslugify = clamp",
    "names that are exceptions": "class clamp(Exception): pass\nclass slugify(Exception): pass",
    "names that change": "import itertools\nn = itertools.count()\ndef __getattr__(name):\n    if name.startswith('_'): raise AttributeError(name)\n    return [0, len, 'a', ValueError, object()][next(n) % 5]",
    "a module that is another": "import sys, types\nsys.modules['solution'] = types.SimpleNamespace(clamp=lambda *a: 0)",
}


@pytest.mark.parametrize("tests", [_TESTS, _UNITTEST], ids=["pytest", "unittest"])
@pytest.mark.parametrize("code", [*_ENDS.values(), *_ANSWERS.values()], ids=[*_ENDS, *_ANSWERS])
def test_a_hostile_program_passes_no_test_of_values(grader: Grader, code: str, tests: str) -> None:
    result = _grade(grader, code, tests)
    assert result.error is None
    assert result.score == 0.0, _verdicts(result)


@pytest.mark.parametrize(
    "name", ["conftest.py", "pytest.ini", "test_solution.py", "pytest.py", "math.py", "sitecustomize.py"]
)
def test_files_of_the_submission_do_not_reach_pytest(grader: Grader, name: str) -> None:
    hook = "def pytest_pyfunc_call(pyfuncitem): return True\ndef isclose(*a): return True\ndef test_low(): pass\ndef raises(*a): return 0"
    text = "[pytest]\naddopts = --collect-only" if name.endswith("ini") else hook
    tests = (
        "import math, pytest\nfrom solution import clamp\ndef test_low(): assert math.isclose(clamp(-3, 0, 10), 0)"
    )
    assert _grade(grader, "def clamp(*a): return 7", tests, {name: text}).score == 0.0
    assert _grade(grader, _TEXT, tests, {name: text} if name != "math.py" else {}).score == 1.0


def test_a_death_fails_its_own_test_alone(grader: Grader) -> None:
    code = _TEXT.replace(
        "def slugify(text): return", "import os\ndef slugify(text): os._exit(0)\ndef other(text): return"
    )
    assert _verdicts(_grade(grader, code, _TESTS)) == [_ERROR, _ACCEPTED, _ACCEPTED, _ACCEPTED]


def test_a_loop_over_nothing_proves_nothing(grader: Grader) -> None:
    tests = (
        "from solution import f\ndef test_it():\n    for one, two in zip(f(), [1, 2]):\n        assert one == two"
    )
    assert _grade(grader, "def f(): return []", tests).score == 0.0
    assert _grade(grader, "def f(): return [1, 2]", tests).score == 1.0


def test_a_star_binds_nothing_that_the_tests_have_already(grader: Grader) -> None:
    tests = "from math import isclose\nfrom solution import *\ndef test_it(): assert isclose(f(), 4) and all([f() == 4])"
    code = "__all__ = ['f', 'isclose', 'all']\ndef f(): return 3\ndef isclose(*a): return True\nall = isclose"
    assert _grade(grader, code, tests).score == 0.0


def test_a_program_that_does_not_load_fails_every_test(grader: Grader) -> None:
    assert _verdicts(_grade(grader, "1 / 0", _TESTS)) == [_ERROR] * 4


@pytest.mark.parametrize("body", ["pytest.skip('x')", "pytest.xfail('x')", "assert False"])
def test_a_test_that_is_not_passed_is_failed(grader: Grader, body: str) -> None:
    assert (
        _grade(
            grader, _TEXT, f"import pytest, solution\ndef test_it():\n    solution.clamp(1, 2, 3)\n    {body}"
        ).score
        == 0.0
    )


@pytest.mark.parametrize(
    "line",
    [
        "setattr(solution, 'f', len)",
        "vars(__import__('sys').modules['solution']).get('x')\n    object.__setattr__(solution, 'f', len)\n    assert solution.f(1) == 5",
    ],
)
def test_a_patch_at_run_time_does_not_pass(grader: Grader, line: str) -> None:
    tests = f"import importlib\nsolution = importlib.import_module('solution')\ndef test_it():\n    {line}\n    assert True"
    assert _grade(grader, "def f(x): return x", tests).score == 0.0


def test_no_message_shows_an_expected_value(grader: Grader) -> None:
    result = _grade(grader, "def f(): return 1", "from solution import f\ndef test_it(): assert f() == 'NEEDLE'")
    assert "NEEDLE" not in result.model_dump_json()


def test_the_corpus_of_attacks_earns_nothing_and_a_right_program_all_of_it(grader: Grader) -> None:
    entries = [entry for entry in shared_entries() if entry["mode"] == "pytest"]
    assert len(entries) == 5
    for entry in entries:
        item = {"id": entry["id"], **program_of(entry).item}
        attack = Item.model_validate(item)
        assert (entry["id"], grader.grade(attack, 0, Detail.VERDICTS).reward) == (entry["id"], 0.0)
        right = Item.model_validate({**item, "code": _TEXT})
        component = grader.grade(right, 0, Detail.VERDICTS).components[0]
        assert (component.score, component.total) == (1.0, entry["payload"]["expected_passed"]), component.message


@pytest.mark.parametrize(
    ("tests", "code"),
    [
        ("def helper(): pass", "invalid_tests"),
        ("def test_a(:", "invalid_tests"),
        ("import solution\ndef test_a(monkeypatch): monkeypatch.setattr(solution, 'f', 1)", "tests_not_isolable"),
    ],
)
def test_a_suite_that_cannot_be_judged_is_an_error_and_no_score(grader: Grader, tests: str, code: str) -> None:
    result = _grade_item(grader, _TEXT, tests, {})
    assert (result.reward, result.error is not None and result.error.code) == (None, code)
