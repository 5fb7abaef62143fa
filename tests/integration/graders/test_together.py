"""Python programs in one process with tests that no examiner can run: what passes, what does not, and what is said."""

# ruff: noqa: E501 - programs on one line each

from typing import Any

import pytest

from assay.contract import ComponentResult, Detail, Flag, Item, Verdict
from assay_agent.program import answer_frame
from assay_agent.together import PASSED
from assay_agent.values import encode
from assay_workers.port import Grader

_CONFIG = """
import unittest
from unittest.mock import mock_open, patch
class TestCases(unittest.TestCase):
    @patch("builtins.open", new_callable=mock_open, read_data="a = 1\\n# note\\nb=2\\n")
    def test_pairs(self, opened):
        self.assertEqual(task_func("settings.ini"), {"a": "1", "b": "2"})
        opened.assert_called_once_with("settings.ini")
    @patch("builtins.open", side_effect=FileNotFoundError)
    def test_missing(self, opened):
        with self.assertRaises(FileNotFoundError):
            task_func("none.ini")
"""
_CONFIG_RIGHT = """
def task_func(path):
    with open(path) as file:
        lines = [line.strip() for line in file.read().splitlines()]
    return dict(map(str.strip, line.split("=", 1)) for line in lines if line and not line.startswith("#"))
"""
_FOLDER = """
import os, shutil, tempfile, unittest
class TestCases(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        for name in ("a.txt", "b.csv", "c.txt"):
            with open(os.path.join(self.folder, name), "w") as file: file.write(name * 3)
    def tearDown(self):
        shutil.rmtree(self.folder)
    def test_count(self):
        self.assertEqual(task_func(self.folder, ".txt"), 2)
        self.assertTrue(os.path.isdir(os.path.join(self.folder, "txt")))
    def test_none(self):
        self.assertEqual(task_func(self.folder, ".md"), 0)
"""
_FOLDER_RIGHT = """
import os, shutil
def task_func(folder, suffix):
    found = [name for name in sorted(os.listdir(folder)) if name.endswith(suffix)]
    os.makedirs(os.path.join(folder, suffix.lstrip(".")), exist_ok=True)
    for name in found: shutil.move(os.path.join(folder, name), os.path.join(folder, suffix.lstrip("."), name))
    return len(found)
"""
_FETCH = """
import unittest
from unittest import mock
class TestCases(unittest.TestCase):
    def test_patched_helper(self):
        with mock.patch(f"{__name__}.fetch", return_value="<b>7</b>") as fetch:
            self.assertEqual(task_func("x"), 7)
        fetch.assert_called_once_with("x")
    def test_patched_by_main(self):
        with mock.patch("__main__.fetch", return_value="<b>12</b>"):
            self.assertEqual(task_func("y"), 12)
"""
_FETCH_RIGHT = """
import re
def fetch(name): raise OSError("no network")
def task_func(name): return int(re.search(r"\\d+", fetch(name))[0])
if __name__ == "__main__":
    raise SystemExit("a demonstration")
"""
_LOGS = """
import logging, unittest
class TestCases(unittest.TestCase):
    def test_warning(self):
        with self.assertLogs("app", level="WARNING") as logs:
            self.assertEqual(task_func([1, -1, 3]), [1, 3])
        self.assertIn("dropped 1", logs.output[0])
    def test_silence(self):
        with self.assertNoLogs("app", level="WARNING"):
            task_func([1])
unittest.main()
"""
_LOGS_RIGHT = """
import logging
def task_func(numbers):
    kept = [n for n in numbers if n >= 0]
    if len(kept) < len(numbers): logging.getLogger("app").warning("dropped %d", len(numbers) - len(kept))
    return kept
"""
_ARRAYS = """
import unittest
import numpy as np
class TestCases(unittest.TestCase):
    def test_shape(self):
        result = task_func(np.arange(6.0).reshape(2, 3))
        self.assertIsInstance(result, np.ndarray)
        self.assertEqual(result.shape, (2, 3))
        np.testing.assert_allclose(result.mean(axis=1), [0, 0], atol=1e-9)
    def test_empty(self):
        self.assertRaises(ValueError, task_func, np.empty((0, 3)))
"""
_ARRAYS_RIGHT = """
import numpy as np
def task_func(a):
    if not a.size: raise ValueError("empty")
    return a - a.mean(axis=1, keepdims=True)
"""
_EXAMPLES = {
    "a mock of open": (_CONFIG, _CONFIG_RIGHT, ('startswith("#")', 'startswith("!")')),
    "a folder": (_FOLDER, _FOLDER_RIGHT, ("return len(found)", "return len(found) + 1")),
    "a patched name of the module": (_FETCH, _FETCH_RIGHT, ("int(", "float(1 + ")),
    "logs": (_LOGS, _LOGS_RIGHT, (".warning(", ".info(")),
    "arrays": (_ARRAYS, _ARRAYS_RIGHT, ("axis=1", "axis=0")),
}
"""In the manner of BigCodeBench: the test code, a right program, and what makes it a wrong one."""


def _grade(grader: Grader, code: str, suite: dict[str, Any], **spec: Any) -> ComponentResult:
    reward = {"type": "code", "tests": suite, "limits": {"cpu_s": 5, "wall_s": 60}, **spec}
    item = Item.model_validate({"id": "x", "code": code, "rewards": [reward]})
    return grader.grade(item, 0, Detail.VERDICTS).components[0]


def _script(source: str, **more: Any) -> dict[str, Any]:
    return {"kind": "script", "source": source, "entry_point": "task_func", "allow_in_process": True, **more}


@pytest.mark.parametrize("name", _EXAMPLES)
def test_a_right_program_passes_at_its_level_and_a_wrong_one_does_not(grader: Grader, name: str) -> None:
    tests, right, (old, new) = _EXAMPLES[name]
    result = _grade(grader, right, _script(tests))
    assert (result.score, result.integrity, result.flags) == (1.0, "in_process", ()), result.message
    assert old in right
    wrong = _grade(grader, right.replace(old, new), _script(tests))
    assert (wrong.score, wrong.integrity) == (0.0, "in_process")
    assert wrong.verdict in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)


@pytest.mark.parametrize("name", _EXAMPLES)
def test_it_is_not_judged_so_where_that_was_not_allowed(grader: Grader, name: str) -> None:
    tests, right, _ = _EXAMPLES[name]
    refused = _grade(grader, right, _script(tests), min_integrity="handles")
    assert refused.error is not None
    assert refused.error.code == "tests_not_isolable"
    plain = _grade(grader, right, _script(tests, allow_in_process=False))
    assert plain.integrity != "in_process"


def test_a_script_that_mocks_is_refused_unless_it_may_run_in_process(grader: Grader) -> None:
    refused = _grade(grader, _CONFIG_RIGHT, _script(_CONFIG, allow_in_process=False))
    assert refused.error is not None
    assert (refused.error.code, refused.score) == ("tests_not_isolable", None)
    assert "allow_in_process" in (refused.error.hint or "")


_PLAIN = """
import unittest
class TestCases(unittest.TestCase):
    def test_a(self): self.assertEqual(task_func(2), [0, 1])
    def test_b(self): self.assertEqual(task_func(0), [])
"""


@pytest.mark.parametrize("code", ["def task_func(n): return list(range(n))", "task_func = lambda n: [*range(n)]"])
def test_cases_of_unittest_that_an_examiner_can_run_are_run_there(grader: Grader, code: str) -> None:
    result = _grade(grader, code, _script(_PLAIN))
    assert (result.score, result.integrity) == (1.0, "examiner"), result.message


def test_every_test_of_a_case_must_pass_in_an_examiner_too(grader: Grader) -> None:
    result = _grade(grader, "def task_func(n): return [0, 1]", _script(_PLAIN))
    assert (result.verdict, result.integrity) == (Verdict.WRONG_ANSWER, "examiner")
    assert result.message == "an assertion failed in line 5 of the test"


def test_what_only_shows_at_run_time_ends_with_a_hint(grader: Grader) -> None:
    tests = "def check(candidate):\n    given = [lambda: 1]\n    assert candidate(given) == 1"
    result = _grade(grader, "def task_func(fs): return fs[0]()", _script(tests))
    assert result.error is not None
    assert (result.error.code, result.score) == ("tests_not_isolable", None)
    assert "unittest.mock" in (result.error.hint or "")
    hinted = _grade(grader, "def task_func(fs): return fs[0]()", _script(f"import unittest.mock\n{tests}"))
    assert (hinted.score, hinted.integrity) == (1.0, "in_process"), hinted.message


def test_helpers_come_from_the_prompt_and_a_guarded_demonstration_stays_closed(grader: Grader) -> None:
    prompt = "import os\ndef half(x): return x / 2\ndef task_func(x):\n    '''Doubles.'''\n"
    tests = "import os\ndef check(candidate):\n    assert half(candidate(3)) == 3\n    assert os.sep == '/'"
    right = "def task_func(x): return 2 * x\nif __name__ == '__main__': raise SystemExit(0)"
    result = _grade(grader, right, _script(tests, prompt=prompt))
    assert (result.score, result.integrity, result.flags) == (1.0, "in_process", ()), result.message
    forged = _grade(grader, "def half(x): return 3\ndef task_func(x): return 0", _script(tests, prompt=prompt))
    assert forged.score == 0.0


_FORGERIES = {
    "exit": "import os\nos._exit(0)",
    "exit later": "import sys\ndef task_func(*a): sys.exit(0)",
    "always equal": "class E:\n  def __eq__(s, o): return True\n  __hash__ = None\ndef task_func(*a): return E()",
    "patched case": "import unittest\nfor n in dir(unittest.TestCase):\n  if n.startswith('assert'): setattr(unittest.TestCase, n, lambda *a, **k: None)\ndef task_func(*a): pass",
    "patched runner": "import unittest\nunittest.TestSuite.run = lambda self, result, debug=False: [result.addSuccess(t) for t in self]\ndef task_func(*a): pass",
    "reader": "import sys\ndef task_func(*a):\n  f = sys._getframe(1)\n  return next(c for c in f.f_code.co_consts if type(c) is int)",
}
_ONE = """
import unittest, unittest.mock
class TestCases(unittest.TestCase):
    def test_a(self): self.assertEqual(task_func(5), 25)
    def test_b(self): self.assertEqual(task_func(6), 36)
"""


@pytest.mark.parametrize("name", _FORGERIES)
def test_blanket_forgeries_earn_nothing(grader: Grader, name: str) -> None:
    result = _grade(grader, _FORGERIES[name], _script(_ONE))
    assert (result.score, result.error) == (0.0, None), (result.verdict, result.flags)


def _forged_report(*passed: str) -> str:
    frame = answer_frame(PASSED, encode(("", list(passed))))
    return f"import os\nos.write(3, {frame!r})\nos._exit(0)"


def test_a_report_that_the_program_forges_is_found_by_a_control(grader: Grader) -> None:
    forged = _grade(grader, _forged_report("TestCases::test_a", "TestCases::test_b"), _script(_ONE))
    assert (forged.score, forged.verdict, forged.flags) == (0.0, Verdict.WRONG_ANSWER, (Flag.FORGED,))
    short = _grade(grader, _forged_report("TestCases::test_a"), _script(_ONE))
    assert (short.score, short.flags, short.message) == (
        0.0,
        (),
        "tests are missing from what was reported as passed",
    )


def test_tests_without_a_control_say_so(grader: Grader) -> None:
    tests = "import os\nif task_func(2) != 4: raise ValueError"
    result = _grade(grader, "def task_func(n): return n * n", _script(tests))
    assert (result.score, result.flags) == (1.0, (Flag.UNCONTROLLED,))
    assert _grade(grader, "def task_func(n): return n", _script(tests)).verdict is Verdict.RUNTIME_ERROR


def test_broken_test_code_is_the_callers_fault(grader: Grader) -> None:
    result = _grade(grader, "def task_func(n): return n", _script("import os\nreturn 1"))
    assert result.error is not None
    assert result.error.code == "invalid_tests"


def test_a_program_that_does_not_compile_or_load_has_its_verdict(grader: Grader) -> None:
    assert _grade(grader, "def task_func(:", _script(_ONE)).verdict is Verdict.COMPILE_ERROR
    failed = _grade(grader, "raise KeyError('x')", _script(_ONE))
    assert (failed.verdict, failed.message) == (Verdict.RUNTIME_ERROR, "KeyError: 'x'")


_SUITE = """
import pytest, solution
from unittest import mock

def test_total(monkeypatch):
    monkeypatch.setattr(solution, "RATE", 0.5)
    assert solution.total(10) == 15.0
def test_fetch():
    with mock.patch("solution.fetch", return_value=4): assert solution.total_of("x") == 4.8
def test_printed(capsys):
    solution.show(3)
    assert capsys.readouterr().out == "3\\n"
def test_file(tmp_path):
    (tmp_path / "n").write_text("41")
    assert solution.read(tmp_path / "n") == 42
@pytest.mark.parametrize("bad", [-1, "x"])
def test_error(bad):
    with pytest.raises(ValueError): solution.total(bad)
"""
_MODULE = """
RATE = 0.2
def fetch(name): raise OSError
def total(n):
    if not isinstance(n, (int, float)) or n < 0: raise ValueError(n)
    return n * (1 + RATE)
def total_of(name): return total(fetch(name))
def show(n): print(n)
def read(path): return int(open(path).read()) + 1
"""


def _suite(text: str, **more: Any) -> dict[str, Any]:
    return {"kind": "pytest", "files": {"test_solution.py": text}, "allow_in_process": True, **more}


def test_a_pytest_suite_that_patches_runs_in_process(grader: Grader) -> None:
    result = _grade(grader, _MODULE, _suite(_SUITE))
    assert (result.passed, result.total, result.integrity, result.flags) == (5, 5, "in_process", ()), result
    wrong = _grade(grader, _MODULE.replace("+ 1", "+ 2"), _suite(_SUITE))
    assert [test.verdict for test in wrong.tests or ()] == [Verdict.ACCEPTED] * 3 + [
        Verdict.WRONG_ANSWER,
        Verdict.ACCEPTED,
    ]
    assert _grade(grader, _MODULE, _suite(_SUITE, allow_in_process=False)).error is not None


@pytest.mark.parametrize(
    "code",
    [
        "import os; os._exit(0)",
        "import _pytest.runner as r\nr.CallInfo.from_call = classmethod(lambda c, f, when, reraise=None: c(None, None, 0, 0, 0, when, _ispytest=True))",
        "import _pytest.reports as r\n_i = r.TestReport.__init__\ndef f(s, *a, **k):\n  _i(s, *a, **k); s.outcome = 'passed'\nr.TestReport.__init__ = f",
        "import pytest; pytest.skip('x', allow_module_level=True)",
    ],
)
def test_patched_reports_earn_nothing(grader: Grader, code: str) -> None:
    result = _grade(grader, code, _suite(_SUITE))
    assert (result.score, result.error) == (0.0, None), [(t.verdict, t.flags) for t in result.tests or ()]


def test_a_suite_without_need_stays_in_the_examiner(grader: Grader) -> None:
    suite = _suite("import solution\ndef test_it(): assert solution.total(10) == 12.0")
    result = _grade(grader, _MODULE, suite)
    assert (result.score, result.integrity) == (1.0, "examiner"), result.message


def test_a_module_named_like_one_of_the_standard_library_is_seen_by_the_suite_alone(grader: Grader) -> None:
    suite = _suite("import queue, tempfile\ndef test_it(): assert queue.f() == 1", module="queue")
    result = _grade(grader, "import queue\ndef f(): return 1", suite)
    assert (result.score, result.integrity, result.flags) == (1.0, "in_process", ()), result.message
