"""Interactors in jails rule by their exit status, and no program gains or breaks anything by how it talks."""

from typing import Any, Final

import pytest

from assay.contract import Detail, Item, ItemResult
from assay_workers.port import Grader
from tests.fixtures.compilers import needs_gxx

GUESS: Final = """
import sys
secret = int(open(sys.argv[1]).read())
log = open(sys.argv[2], "w")
most = int(open(sys.argv[3]).read())
for turn in range(1, 100):
    line = sys.stdin.readline()
    try:
        guess = int(line)
    except ValueError:
        sys.exit(2 if line else 8)
    print(turn, file=log, flush=True)
    if guess == secret:
        print("=", flush=True)
        break
    print("<" if secret < guess else ">", flush=True)
else:
    sys.exit(1)
if turn > most:
    print("points 0.5 too many", file=sys.stderr)
    sys.exit(7)
sys.exit(0)
"""
"""Guess a number; more than as many turns as the answer says earn half."""
GUESS_CPP: Final = """
#include <fstream>
#include <iostream>
int main(int argc, char **argv) {
    std::ifstream input(argv[1]);
    std::ofstream log(argv[2]);
    long long secret, guess;
    input >> secret;
    for (int turn = 0; turn < 100; turn++) {
        if (!(std::cin >> guess)) return 8;
        log << guess << std::endl;
        if (guess == secret) { std::cout << "=" << std::endl; return 0; }
        std::cout << (secret < guess ? "<" : ">") << std::endl;
    }
    return 1;
}
"""
CASES: Final = [{"stdin": f"{secret}\n", "expected": "20\n"} for secret in (1, 777_777)]
BISECT: Final = """
low, high = 1, 1_000_000
while True:
    middle = (low + high) // 2
    print(middle, flush=True)
    said = input()
    if said == "=":
        break
    low, high = (low, middle - 1) if said == "<" else (middle + 1, high)
"""
FAILS: Final = "import sys; sys.exit(3)"
NO_EXIT: Final = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"


def _graded(
    grader: Grader,
    code: str,
    interactor: str = GUESS,
    *,
    cases: list[dict[str, Any]] | None = None,
    suite: dict[str, Any] | None = None,
    judge: dict[str, Any] | None = None,
    **spec: Any,
) -> ItemResult:
    spoken = {"language": "python", "source": interactor, **(judge or {})}
    tests = {"kind": "interactive", "cases": cases or CASES, "interactor": spoken, **(suite or {})}
    item = Item.model_validate({"id": "a", "code": code, "rewards": [{"type": "code", "tests": tests, **spec}]})
    return grader.grade(item, 0, Detail.OUTPUTS)


def _verdicts(result: ItemResult) -> list[str]:
    return [test.verdict for test in result.components[0].tests or ()]


@pytest.mark.parametrize(
    ("code", "reward", "message"),
    [
        (BISECT, 1.0, None),
        ("n = 777_740\nwhile True:\n print(n, flush=True)\n if input() == '=': break\n n += 1", 0.25, None),
        ("while True:\n print(5, flush=True)\n input()", 0.0, "interactor: wrong answer"),
        ("print('x', flush=True)", 0.0, "interactor: badly formed output"),
        ("pass", 0.0, "interactor: output ends early"),
        (BISECT + "raise SystemExit(3)", 0.0, None),
        ("raise ValueError('no')", 0.0, "ValueError: no"),
    ],
)
def test_the_interactor_rules_by_its_exit_status(
    grader: Grader, code: str, reward: float, message: str | None
) -> None:
    result = _graded(grader, code)
    (component,) = result.components
    assert (result.reward, component.integrity) == (reward, "external")
    if message is not None:
        assert component.message == message


@pytest.mark.parametrize(
    ("ends", "share"),
    [
        ("sys.exit(0)", 1.0),
        ("sys.exit(1)", 0.0),
        ("sys.exit(2)", 0.0),
        ("sys.exit(4)", 0.0),
        ("sys.exit(8)", 0.0),
        ("sys.exit(150)", 0.5),
        ("print('points 3', file=sys.stderr); sys.exit(7)", 0.75),
    ],
)
def test_every_exit_status_of_testlib_is_understood(grader: Grader, ends: str, share: float) -> None:
    result = _graded(grader, "input()", f"import sys\nprint('go')\n{ends}", cases=CASES[:1], judge={"points": 4})
    assert result.reward == share
    assert (result.components[0].tests or ())[0].share == share


@needs_gxx
def test_an_interactor_in_cpp_talks_with_a_program_in_cpp(grader: Grader) -> None:
    solution = """
    #include <iostream>
    #include <string>
    int main() {
        long long low = 1, high = 1000000;
        std::string said;
        while (true) {
            long long middle = (low + high) / 2;
            std::cout << middle << std::endl;
            if (!(std::cin >> said) || said == "=") break;
            if (said == "<") high = middle - 1; else low = middle + 1;
        }
    }"""
    judge = {"language": "cpp"}
    assert _graded(grader, solution, GUESS_CPP, judge=judge, language="cpp").reward == 1.0
    assert _graded(grader, BISECT, GUESS_CPP, judge=judge).reward == 1.0
    broken = _graded(grader, "int main() {", GUESS_CPP, judge=judge, language="cpp")
    assert _verdicts(broken) == ["compile_error"] * 2
    refused = _graded(grader, BISECT, "int main() {", judge=judge)
    assert refused.error is not None
    assert (refused.reward, refused.error.code) == (None, "checker_failed")


def test_two_that_wait_for_each_other_are_ended_long_before_the_wall_limit(grader: Grader) -> None:
    result = _graded(grader, "input()", cases=CASES[:1], limits={"cpu_s": 100})
    (component,) = result.components
    assert (result.reward, component.verdict) == (0.0, "time_limit")
    assert component.message is not None
    assert "flushed" in component.message


def test_limits_are_the_programs_own(grader: Grader) -> None:
    one = CASES[:1]
    slow = _graded(grader, "while True: pass", limits={"cpu_s": 0.5}, cases=one)
    assert _verdicts(slow) == ["time_limit"]
    loud = _graded(
        grader, "while True: print('5')", GUESS.replace("100", "10**9"), limits={"output_kb": 64}, cases=one
    )
    assert _verdicts(loud) == ["output_limit"]
    large = _graded(grader, "x = b'1' * (1 << 30)\ninput()", limits={"memory_mb": 64}, cases=one)
    assert _verdicts(large) == ["memory_limit"]


def test_a_program_that_goes_on_after_a_bad_ruling_is_ended(grader: Grader) -> None:
    result = _graded(grader, "import time\nprint('x', flush=True)\ntime.sleep(60)", cases=CASES[:1])
    assert _verdicts(result) == ["wrong_answer"]


def test_an_interactor_that_a_program_breaks_costs_that_program_its_test(grader: Grader) -> None:
    fragile = GUESS.replace("sys.exit(2 if line else 8)", "sys.exit(3 if line else 8)")
    result = _graded(grader, "print('x', flush=True)", fragile)
    (component,) = result.components
    assert (result.reward, component.verdict) == (0.0, "wrong_answer")
    assert "checker_fault" in component.flags
    slow = GUESS.replace("    except ValueError:", "    except ValueError:\n        while line: pass")
    result = _graded(grader, "print('x', flush=True)", slow, cases=CASES[:1], judge={"limits": {"cpu_s": 1}})
    assert result.reward == 0.0
    assert "checker_fault" in result.components[0].flags


@pytest.mark.parametrize("interactor", [FAILS, NO_EXIT, "raise ValueError", "import sys; sys.exit(7)"])
def test_an_interactor_that_rules_on_nothing_is_the_items_error(grader: Grader, interactor: str) -> None:
    for code in (BISECT, "raise ValueError"):
        result = _graded(grader, code, interactor, cases=CASES[:1])
        assert result.error is not None
        assert (result.reward, result.error.code) == (None, "checker_failed")


def test_a_checker_program_judges_what_the_interactor_has_written(grader: Grader) -> None:
    counts = """
import sys
turns = len(open(sys.argv[2]).read().split())
sys.exit(0 if turns <= 5 else 1)
"""
    checker = {"type": "program", "language": "python", "source": counts}
    result = _graded(
        grader, BISECT, cases=[CASES[1], {"stdin": "500000\n", "expected": "20"}], suite={"checker": checker}
    )
    assert _verdicts(result) == ["wrong_answer", "accepted"]
    assert result.reward == 0.5


def test_the_program_sees_nothing_of_the_interactor(grader: Grader) -> None:
    looks = "import os\nprint(sorted(os.listdir('.')), flush=True)\nprint(os.environ.get('ASSAY'), flush=True)"
    says = "import sys\nsys.exit(0 if 'txt' not in sys.stdin.readline() else 1)"
    assert _graded(grader, looks, says, cases=CASES[:1]).reward == 1.0


def test_the_rest_is_skipped_after_a_failure_where_that_is_asked(grader: Grader) -> None:
    result = _graded(grader, "pass", stop_on_first_failure=True, scoring="all_or_nothing")
    assert _verdicts(result) == ["wrong_answer", "skipped"]


def test_cases_have_limits_arguments_and_files_of_their_own(grader: Grader) -> None:
    case = {**CASES[0], "args": ["a"], "files": {"b": "1"}, "limits": {"cpu_s": 2}}
    code = "import sys\nassert sys.argv[1] == 'a'\nprint(open('b').read(), flush=True)\ninput()"
    assert _graded(grader, code, cases=[case]).reward == 1.0
