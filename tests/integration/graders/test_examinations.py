"""Assertions and test scripts, each kept apart from the program that they examine."""

from typing import Any

import pytest

from assay.contract import ComponentResult, Detail, Item, Verdict
from assay_workers.port import Grader

_ACCEPTED, _WRONG, _ERROR, _TIME = (
    Verdict.ACCEPTED,
    Verdict.WRONG_ANSWER,
    Verdict.RUNTIME_ERROR,
    Verdict.TIME_LIMIT,
)
_LIMITS = {"cpu_s": 0.5, "wall_s": 60}


def _grade(grader: Grader, code: str, tests: dict[str, Any]) -> ComponentResult:
    reward = {"type": "code", "tests": tests, "limits": _LIMITS}
    item = Item.model_validate({"id": "x", "code": code, "rewards": [reward]})
    return grader.grade(item, 0, Detail.VERDICTS).components[0]


def _script(source: str, entry_point: str = "f", prompt: str = "") -> dict[str, Any]:
    return {"kind": "script", "source": source, "entry_point": entry_point, "prompt": prompt}


def _asserts(*asserts: str, setup: str = "", prompt: str = "") -> dict[str, Any]:
    return {"kind": "assert", "asserts": asserts, "setup": setup, "prompt": prompt}


_CHECK = "def check(candidate):\n    assert candidate(2) == 4\n    assert candidate([1]) == [1, 1]\n"
_CATCHES = "try:\n    candidate(1)\nexcept Exception:\n    pass\nassert True"
_EXPECTS = (
    "def check(candidate):\n    try:\n        candidate(1)\n        assert False\n    except {}:\n        pass\n"
)
_ZERO = "def f(x): return x"
_SCRIPTS: dict[str, tuple[str, dict[str, Any], Verdict]] = {
    "a right program": ("def f(x): return x * 2", _script(_CHECK), _ACCEPTED),
    "a wrong program": ("def f(x): return x", _script(_CHECK), _WRONG),
    "a check that is called by the script itself": (
        "def f(x): return x * 2",
        _script(_CHECK + "check(f)"),
        _ACCEPTED,
    ),
    "a program without the function": ("def g(x): return x * 2", _script(_CHECK), _ERROR),
    "no program": ("def f(x: return", _script(_CHECK), Verdict.COMPILE_ERROR),
    "a program that exits while it is loaded": ("import sys; sys.exit(0)", _script(_CHECK), _ERROR),
    "a program that fails while it is loaded": ("1 / 0", _script(_CHECK), _ERROR),
    "a program that exits in a call": ("def f(x): exit(0)", _script(_CHECK), _ERROR),
    "a death that the test would catch": ("import os\ndef f(x): os._exit(0)", _script(_CATCHES), _ERROR),
    "an exit that the test would catch": ("def f(x): raise SystemExit", _script(_CATCHES), _ERROR),
    "a hang that the test would catch": ("def f(x):\n    while True: pass", _script(_CATCHES), _TIME),
    "a death halfway": (
        "import os\ndef f(x):\n    if x == 2: return 4\n    os._exit(0)",
        _script(_CHECK),
        _ERROR,
    ),
    "an exception that is expected": (
        "def f(x): raise ValueError",
        _script(_EXPECTS.format("ValueError")),
        _ACCEPTED,
    ),
    "an exception that is not": ("def f(x): raise KeyError", _script(_EXPECTS.format("ValueError")), _ERROR),
    "an exception of its own": (
        "class Mine(Exception): pass\ndef f(x): raise Mine",
        _script(_EXPECTS.format("Exception")),
        _ACCEPTED,
    ),
    "an own exception called like a built-in one": (
        "class ValueError(Exception): pass\ndef f(x): raise ValueError",
        _script(_EXPECTS.format("ValueError")),
        _ACCEPTED,
    ),
    "an exception that needs more than a text": (
        "def f(x): raise UnicodeDecodeError('a', b'', 0, 1, 'r')",
        _script(_EXPECTS.format("Exception")),
        _ACCEPTED,
    ),
    "an AssertionError instead of a value": ("def f(x): raise AssertionError", _script(_CHECK), _ERROR),
    "a SyntaxError instead of a value": ("def f(x): raise SyntaxError", _script(_CHECK), _ERROR),
    "a StopIteration that would end the test's own map": (
        "def f(x): raise StopIteration",
        _script("assert all(map(lambda x: candidate(x) == 2 * x, [1, 2]))"),
        _ERROR,
    ),
    "a StopIteration that would end the test's own filter": (
        "class Stop(StopIteration): pass\ndef f(x): raise Stop",
        _script("assert not list(filter(lambda x: candidate(x) != 2 * x, [1, 2]))"),
        _ERROR,
    ),
    "a StopIteration that the test expects": (
        "def f(x): raise StopIteration",
        _script(_EXPECTS.format("StopIteration")),
        _ACCEPTED,
    ),
    "an argument changed in place": (
        "def f(x): x.sort()",
        _script("x = [2, 1]\ncandidate(x)\nassert x == [1, 2]"),
        _ACCEPTED,
    ),
    "an argument not changed": (
        "def f(x): return sorted(x)",
        _script("x = [2, 1]\ncandidate(x)\nassert x == [1, 2]"),
        _WRONG,
    ),
    "an argument changed beside the answer": (
        "def f(x):\n    x[:] = [1]\n    return [1]",
        _script("x = [2]\nassert candidate(x) == x"),
        _WRONG,
    ),
    "an object that equals everything": (
        "class E:\n    def __eq__(self, other): return True\ndef f(x): return E()",
        _script(_CHECK),
        _WRONG,
    ),
    "an int that equals everything": (
        "class E(int):\n    def __eq__(self, other): return True\n    __hash__ = None\ndef f(x): return E()",
        _script(_CHECK),
        _WRONG,
    ),
    "a list that contains everything": (
        "class E(list):\n    def __contains__(self, x): return True\ndef f(x): return E()",
        _script("assert 3 in candidate(1)"),
        _WRONG,
    ),
    "a text that equals everything": (
        (
            "class E(str):\n    def __eq__(self, other): return True\n    __hash__ = str.__hash__\n"
            "def f(x): return E('no')"
        ),
        _script("assert candidate(1) == 'yes'"),
        _WRONG,
    ),
    "an honest subclass": (
        "class E(int): pass\ndef f(x): return E(4)",
        _script("assert candidate(1) == 4"),
        _ACCEPTED,
    ),
    "a generator": ("def f(x): yield x", _script("assert list(candidate(1)) == [1]"), _ACCEPTED),
    "a loop over nothing": ("def f(x): return []", _script("for x in candidate(1): assert x == 1"), _WRONG),
    "a loop over something": ("def f(x): return [1]", _script("for x in candidate(1): assert x == 1"), _ACCEPTED),
    "a helper of the prompt, redefined": (
        "def poly(xs, x): return 0\ndef find_zero(xs): return 0",
        _script(
            "import math\ndef check(candidate):\n    xs = [1, 2]\n    assert abs(poly(xs, candidate(xs))) < 1e-4\n",
            "find_zero",
            "def poly(xs, x):\n    return sum(c * x ** i for i, c in enumerate(xs))\n\ndef find_zero(xs):\n",
        ),
        _WRONG,
    ),
    "a helper of the prompt, used": (
        "def poly(xs, x): return 0\ndef find_zero(xs): return -0.5",
        _script(
            "def check(candidate):\n    xs = [1, 2]\n    assert abs(poly(xs, candidate(xs))) < 1e-4\n",
            "find_zero",
            "def poly(xs, x):\n    return sum(c * x ** i for i, c in enumerate(xs))\n\ndef find_zero(xs):\n",
        ),
        _ACCEPTED,
    ),
    "a builtin changed by the program": (
        (
            "import builtins\nbuiltins.sorted = lambda x: [4]\nbuiltins.AssertionError = Exception\n"
            "def f(x): return []"
        ),
        _script("assert sorted(candidate(1)) == [4]"),
        _WRONG,
    ),
    "garbage on the channel": (
        "import os\ndef f(x):\n    os.write(3, b'\\0\\0\\0\\1P')\n    return 0",
        _script(_CHECK),
        _WRONG,
    ),
    "answers written before they are asked for": (
        "import os\ndef f(x): return 0\nfor _ in range(9): os.write(3, b'\\0\\0\\0\\2VT')",
        _script(_CHECK),
        _ERROR,
    ),
    "a method of a class": (
        "class Solution:\n    def f(self, x): return x * 2",
        _script(_CHECK, "Solution.f"),
        _ACCEPTED,
    ),
}


@pytest.mark.parametrize(("code", "tests", "verdict"), _SCRIPTS.values(), ids=_SCRIPTS.keys())
def test_a_script_gives_its_verdict(grader: Grader, code: str, tests: dict[str, Any], verdict: Verdict) -> None:
    result = _grade(grader, code, tests)
    assert result.error is None
    assert (result.verdict, result.score) == (verdict, 1.0 if verdict is _ACCEPTED else 0.0), result.message
    assert result.integrity in ("examiner", "handles")


_BROKEN = {
    "tests that are not Python": (_script("def check(:"), "invalid_tests"),
    "tests that exit before they ask": (_script("import os\nos._exit(0)\nassert candidate(1)"), "invalid_tests"),
    "an assertion that asserts nothing": (_asserts("f(1)"), "invalid_tests"),
    "a setup that is not Python": (_asserts("assert f(1) == 1", setup="def"), "invalid_tests"),
    "a function passed to the program": (_script("assert candidate(lambda: 1)"), "tests_not_isolable"),
}


@pytest.mark.parametrize(("tests", "code"), _BROKEN.values(), ids=_BROKEN.keys())
def test_broken_tests_are_an_error_and_never_a_score(grader: Grader, tests: dict[str, Any], code: str) -> None:
    result = _grade(grader, _ZERO, tests)
    assert result.score is None
    assert result.error is not None
    assert result.error.code == code
    follower = _grade(grader, "def f(x): return x * 2", _script(_CHECK))
    assert (follower.verdict, follower.message) == (_ACCEPTED, None)


def test_assertions_are_judged_one_by_one(grader: Grader) -> None:
    code = "def f(x):\n    if x == 3: raise ValueError('three')\n    return x * 2"
    tests = _asserts(
        "assert f(1) == 2", "assert f(2) == 5", "assert f(3) == 6", "assert sorted([f(2), f(1)]) == [2, 4]"
    )
    result = _grade(grader, code, tests)
    assert result.tests is not None
    assert [test.verdict for test in result.tests] == [_ACCEPTED, _WRONG, _ERROR, _ACCEPTED]
    assert (result.score, result.integrity) == (0.5, "examiner")
    assert result.tests[2].message == "ValueError: three"


def test_assertions_that_all_split_are_judged_outside_every_sandbox(grader: Grader) -> None:
    tests = _asserts("assert f(2) == 4", "assert f(0) is False", "assert not f(0)", "assert f(1)")
    result = _grade(grader, "def f(x): return x * 2", tests)
    assert result.tests is not None
    assert [test.verdict for test in result.tests] == [_ACCEPTED, _WRONG, _ACCEPTED, _ACCEPTED]
    assert result.integrity == "external"


def test_setup_code_runs_on_the_tests_side(grader: Grader) -> None:
    tests = _asserts("assert same(f(1), 2)", setup="import math\ndef same(a, b): return math.isclose(a, b)")
    code = "def same(a, b): return True\ndef f(x): return {}"
    assert _grade(grader, code.format("x + 1"), tests).verdict is _ACCEPTED
    assert _grade(grader, code.format("0"), tests).verdict is _WRONG


def test_a_program_is_judged_the_same_after_one_that_tried_everything(grader: Grader) -> None:
    _grade(grader, "import os\nos.fork()\nos.kill(-1, 9)\ndef f(x): return 1", _script(_CHECK))
    assert _grade(grader, "def f(x): return x * 2", _script(_CHECK)).verdict is _ACCEPTED
