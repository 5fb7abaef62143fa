"""Checker programs in jails judge by their exit status, and no output turns a zero into a null."""

from pathlib import Path
from typing import Any, Final

import pytest

from assay.contract import Detail, Item, ItemResult, ProgramChecker
from assay.errors import ItemError, SandboxRefused
from assay.settings import Settings
from assay_workers.graders.checking import CheckerProgram
from assay_workers.port import Grader
from assay_workers.wiring import build_grader
from tests.fixtures.compilers import needs_gxx

FACTORS: Final = """
import sys
inf, ouf, ans = (open(path).read() for path in sys.argv[1:4])
try:
    a, b = map(int, ouf.split())
except ValueError:
    sys.exit(2)
if a * b != int(inf):
    sys.exit(1)
if 1 in (a, b):
    print("points 0.25 trivial", file=sys.stderr)
    sys.exit(7)
assert sorted(map(int, ans.split())) != [0, 0]
sys.exit(0)
"""
"""Any two factors of the input; a trivial pair earns a quarter."""
FACTORS_CPP: Final = """
#include "reading.h"
int main(int argc, char **argv) {
    if (argc != 4) return 3;
    std::ifstream inf(argv[1]), ouf(argv[2]);
    long long n = number(inf), a = number(ouf), b = number(ouf);
    return a * b == n ? 0 : 1;
}
"""
READING: Final = """
#include <cstdlib>
#include <fstream>
inline long long number(std::ifstream &stream) { long long x; if (!(stream >> x)) std::exit(8); return x; }
"""
CASES: Final = [{"stdin": "15\n", "expected": "3 5\n"}, {"stdin": "6\n", "expected": "2 3\n"}]


def _graded(
    grader: Grader, code: str, checker: dict[str, Any], cases: list[dict[str, Any]] | None = None, **spec: Any
) -> ItemResult:
    tests = {"kind": "stdio", "cases": cases or CASES, "checker": {"type": "program", **checker}}
    reward = {"type": "code", "tests": tests, **spec}
    item = Item.model_validate({"id": "a", "code": code, "rewards": [reward]})
    return grader.grade(item, 0, Detail.OUTPUTS)


def _python(source: str = FACTORS, **more: Any) -> dict[str, Any]:
    return {"language": "python", "source": source, **more}


RIGHT: Final = "n = int(input())\na = next(d for d in range(2, n) if n % d == 0)\nprint(n // a, a)"


def test_a_python_checker_that_raises_has_failed_and_not_judged(grader: Grader) -> None:
    raising = FACTORS.replace("sys.exit(2)", "raise")
    result = _graded(grader, "print('x')", _python(raising))
    assert result.reward == 0
    assert "checker_fault" in result.components[0].flags


@pytest.mark.parametrize(
    ("code", "reward", "message"),
    [
        (RIGHT, 1.0, None),
        ("print(input(), 1)", 0.25, "checker: 0.25 of the points"),
        ("print(2, 3)", 0.5, "checker: wrong answer"),
        ("print('x')", 0.0, "checker: badly formed output"),
        ("pass", 0.0, "checker: badly formed output"),
        ("raise SystemExit(3)", 0.0, None),
    ],
)
def test_a_checker_judges_every_right_answer_right_and_points_are_shares(
    grader: Grader, code: str, reward: float, message: str | None
) -> None:
    result = _graded(grader, code, _python())
    (component,) = result.components
    assert (result.reward, component.message, component.integrity) == (reward, message, "external")


@needs_gxx
def test_a_checker_in_cpp_has_its_files_and_is_compiled_once(grader: Grader) -> None:
    checker = {"language": "cpp", "source": FACTORS_CPP, "files": {"reading.h": READING}}
    assert _graded(grader, RIGHT, checker).reward == 1.0
    assert _graded(grader, "print(2, 3)", checker).reward == 0.5
    early = _graded(grader, "print(5)", checker)
    assert (early.reward, early.components[0].message) == (0.0, "checker: output ends early")


@pytest.mark.parametrize("output", ["'[' * 100_000", "'1' * 5000 + ' 2'", "'\\0\\udcff'", "'9' * 3_000_000"])
def test_an_output_that_the_checker_fails_of_is_wrong_and_flagged_and_never_a_null(
    grader: Grader, output: str
) -> None:
    strict = "import ast, sys\nn = ast.literal_eval(open(sys.argv[2]).read().replace(' ', ','))\nsys.exit(0)"
    code = f"import sys\nsys.stdout.buffer.write(({output}).encode('utf-8', 'surrogateescape'))"
    result = _graded(grader, code, {**_python(strict), "protocol": "testlib"}, CASES[:1])
    assert result.reward == 0.0
    assert result.components[0].error is None
    assert result.components[0].verdict == "wrong_answer"


def test_a_checker_that_fails_of_an_output_alone_raises_a_flag(grader: Grader) -> None:
    code = _python("import sys\nsys.exit(0 if open(sys.argv[2]).read() != 'x\\n' else 3)")
    (component,) = _graded(grader, "print('x')", code).components
    assert (component.score, component.flags) == (0.0, ("checker_fault", "unread_input"))
    assert component.message == "the checker could not judge this output, though it judges the answer"


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("raise SystemExit(3)", "failed with exit status 3"),
        ("1 / 0", "failed with exit status 1"),
        ("while True: pass", "ended with time_limit"),
        ("import os; os.kill(os.getpid(), 9)", "ended with"),
    ],
)
def test_a_checker_that_judges_nothing_is_the_tests_error_and_no_score(
    grader: Grader, source: str, complaint: str
) -> None:
    protocol = "score" if source == "1 / 0" else "testlib"
    limits = {"cpu_s": 0.5, "memory_mb": 256}
    result = _graded(grader, RIGHT, _python(source, protocol=protocol, limits=limits))
    assert result.reward is None
    assert result.error is not None
    assert result.error.code == "checker_failed"
    assert complaint in result.error.message


@needs_gxx
def test_a_checker_that_does_not_compile_is_the_tests_error(grader: Grader) -> None:
    result = _graded(grader, RIGHT, {"language": "cpp", "source": "int main() { return x; }"})
    assert result.error is not None
    assert result.error.code == "checker_failed"
    assert "does not compile" in result.error.message


def test_a_checker_of_no_language_and_one_with_a_taken_name_are_refused() -> None:
    with pytest.raises(ItemError) as caught:
        CheckerProgram.of(ProgramChecker(type="program", language="klingon", source="x"))
    assert caught.value.code == "unknown_language"
    taken = ProgramChecker(type="program", language="python", source="x", files={"answer.txt": "1"})
    with pytest.raises(ItemError, match=r"answer\.txt"):
        CheckerProgram.of(taken)


def test_a_printed_score_is_read_with_its_own_order_of_files(grader: Grader) -> None:
    source = """
import sys
inp, ans, out = (open(path).read().split() for path in sys.argv[1:4])
print(int(ans == ["3", "5"] and sorted(out) == ["3", "5"] and inp == ["15"]))
"""
    checker = _python(source, protocol="score")
    assert _graded(grader, RIGHT, checker, CASES[:1]).reward == 1.0
    assert _graded(grader, "print(1, 15)", checker, CASES[:1]).reward == 0.0


@pytest.mark.parametrize(
    "code",
    [
        "import glob; print(glob.glob('/**/answer.txt', recursive=True) or 'none')",
        "import os; os.symlink('/etc/passwd', 'output.txt'); os.symlink('answer.txt', 'input.txt'); print(0, 0)",
        "import sys; sys.stderr.write('points 1 all'); print(1, 14); sys.stderr.flush()",
        "import os; print('ok'); os._exit(0)",
    ],
)
def test_a_candidate_finds_neither_checker_nor_answer_and_talks_to_neither(grader: Grader, code: str) -> None:
    result = _graded(grader, code, _python())
    assert (result.reward, result.error) == (0.0, None)


def test_a_stdio_case_has_limits_of_its_own(grader: Grader) -> None:
    slow = (
        "import time\nn = int(input())\nend = time.process_time() + n / 10\nwhile time.process_time() < end: pass"
    )
    cases = [
        {"stdin": "1", "expected": ""},
        {"stdin": "8", "expected": "", "limits": {"cpu_s": 0.3}},
        {"stdin": "8", "expected": "", "limits": {"cpu_s": 5}},
    ]
    reward = {"type": "code", "tests": {"kind": "stdio", "cases": cases}, "limits": {"cpu_s": 3}}
    item = Item.model_validate({"id": "a", "code": slow, "rewards": [reward]})
    (component,) = grader.grade(item, 0, Detail.OUTPUTS).components
    assert component.tests is not None
    assert [test.verdict for test in component.tests] == ["accepted", "time_limit", "accepted"]


def test_stopping_and_a_program_that_is_none_count_across_limits(grader: Grader) -> None:
    cases = [
        {"expected": "1"},
        {"expected": "2", "limits": {"cpu_s": 2}},
        {"expected": "1", "limits": {"cpu_s": 3}},
    ]
    spec = {"type": "code", "tests": {"kind": "stdio", "cases": cases}}
    stopping = {**spec, "scoring": "all_or_nothing", "stop_on_first_failure": True}
    for code, reward, verdicts in (
        ("print(1)", stopping, ["accepted", "wrong_answer", "skipped"]),
        ("print(", spec, 3 * ["compile_error"]),
    ):
        item = Item.model_validate({"id": "a", "code": code, "rewards": [reward]})
        tests = grader.grade(item, 0, Detail.OUTPUTS).components[0].tests
        assert tests is not None
        assert [test.verdict for test in tests] == verdicts


GRADER: Final = """
#include "sum.h"
#include <cstdio>
int main() { int a, b; if (scanf("%d %d", &a, &b) != 2) return 1; printf("%d\\n", add(a, b)); }
"""
IOI: Final = {
    "type": "ioi_code",
    "main": "sum.cpp",
    "grader_files": {"grader.cpp": GRADER, "sum.h": "int add(int a, int b);\n"},
    "tests": {
        "kind": "stdio",
        "cases": [{"stdin": "1 2", "expected": "3"}, {"stdin": "-5 2", "expected": "-3"}],
        "subtasks": [
            {"name": "positive", "points": 30, "cases": [0]},
            {"name": "any", "points": 70, "cases": [0, 1], "depends": ["positive"]},
        ],
    },
}


@needs_gxx
@pytest.mark.parametrize(
    ("body", "reward"),
    [
        ("return a + b;", 1.0),
        ("return a < 0 ? 0 : a + b;", 0.3),
        ("return 0;", 0.0),
        ("return x;", 0.0),
    ],
)
def test_an_ioi_submission_is_linked_with_its_grader_and_earns_by_subtasks(
    grader: Grader, body: str, reward: float
) -> None:
    code = f'#include "sum.h"\nint add(int a, int b) {{ {body} }}'
    item = Item.model_validate({"id": "a", "code": code, "rewards": [IOI]})
    result = grader.grade(item, 0, Detail.NONE)
    assert result.reward == pytest.approx(reward), result


@pytest.mark.parametrize(
    ("completion", "reward"),
    [
        ("```python\nprint(int(input()) * 2)\n```", 1.1),
        ("```python\nprint(4)\n```", 0.05),
        ("```python\nprint(\n```", -0.1),
        ("I give up.", -1.0),
    ],
)
def test_codeforces_scores_are_those_of_open_r1(grader: Grader, completion: str, reward: float) -> None:
    cases = [{"stdin": "2", "expected": "4"}, {"stdin": "3", "expected": "6"}]
    spec = {"type": "cf_code", "tests": {"kind": "stdio", "cases": cases}}
    item = Item.model_validate({"id": "a", "completion": completion, "rewards": [spec]})
    assert grader.grade(item, 0, Detail.NONE).reward == pytest.approx(reward)


def test_files_stand_in_the_place_of_the_streams(grader: Grader) -> None:
    code = (
        "n = int(open('input.txt').read())\nprint('noise', flush=True)\nopen('output.txt', 'w').write(f'{n} {n}')"
    )
    tests = {
        "kind": "stdio",
        "cases": [{"stdin": "3", "expected": "3 3"}, {"stdin": "4", "expected": "4"}],
        "input_file": "input.txt",
        "output_file": "output.txt",
    }
    item = Item.model_validate({"id": "a", "code": code, "rewards": [{"type": "code", "tests": tests}]})
    (component,) = grader.grade(item, 0, Detail.OUTPUTS).components
    assert component.score == 0.5
    assert component.tests is not None
    assert [test.stdout for test in component.tests] == ["3 3", "4 4"]


@needs_gxx
def test_a_program_in_cpp_reopens_its_streams_on_files(grader: Grader) -> None:
    code = """
#include <cstdio>
int main() {
    freopen("in", "r", stdin); freopen("out", "w", stdout);
    int n; if (scanf("%d", &n) != 1) return 1;
    printf("%d\\n", n + 1);
}
"""
    tests = {"kind": "stdio", "cases": [{"stdin": "3", "expected": "4"}], "input_file": "in", "output_file": "out"}
    reward = {"type": "code", "language": "cpp", "tests": tests}
    item = Item.model_validate({"id": "a", "code": code, "rewards": [reward]})
    assert grader.grade(item, 0, Detail.NONE).reward == 1.0


def test_a_checker_of_the_ioi_prints_the_share(grader: Grader) -> None:
    source = """
import sys
inp, ans, out = (open(path).read().split() for path in sys.argv[1:4])
print(1.0 if out == ans else 0.5 if sorted(out) == sorted(ans) else 0.0)
print("translate:success", file=sys.stderr)
"""
    checker = _python(source, protocol="cms")
    assert _graded(grader, "print(3, 5)", checker, CASES[:1]).reward == 1.0
    assert _graded(grader, "print(5, 3)", checker, CASES[:1]).reward == 0.5
    assert _graded(grader, "print(1, 15)", checker, CASES[:1]).reward == 0.0


@needs_gxx
def test_a_checker_without_the_header_it_includes_says_where_to_get_it(grader: Grader) -> None:
    source = '#include "testlib.h"\nint main() { return 0; }'
    result = _graded(grader, RIGHT, {"source": source})
    assert result.error is not None
    assert (result.error.code, "ASSAY_TESTLIB" in (result.error.hint or "")) == ("checker_failed", True)


@needs_gxx
def test_the_header_of_the_setting_is_there_for_checkers_that_include_it(
    tmp_path: Path,
) -> None:
    header = tmp_path / "testlib.h"
    header.write_text("inline int verdict() { return 0; }")
    grader = build_grader(Settings(testlib=header))
    try:
        source = '#include "testlib.h"\nint main() { return verdict(); }'
        assert _graded(grader, RIGHT, {"source": source}).reward == 1.0
    finally:
        grader.close()


def test_a_header_that_cannot_be_read_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SandboxRefused, match="'testlib' names no readable file"):
        build_grader(Settings(testlib=tmp_path / "missing.h"))
