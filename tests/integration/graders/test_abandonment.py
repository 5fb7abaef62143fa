"""A run that nobody wants any more ends within a second or two, whatever it is in the middle of."""

import time
from typing import Any

import pytest

from assay.contract import Detail, Item
from assay_workers.port import Grader
from assay_workers.sandbox.abandonment import Abandoned, while_wanted

SLEEP = "import time\ntime.sleep(30)\n"
LIMITS = {"cpu_s": 60, "wall_s": 60}
FUNCTION = "def f(x):\n    import time\n    time.sleep(30)\n    return x\n"
STDIO: dict[str, Any] = {"kind": "stdio", "cases": [{"stdin": "1", "expected": "1"}] * 3}
INTERACTOR = {"language": "python", "source": "import sys\nsys.stdin.readline()\n"}
ENDLESS = "while True: pass\n"


class _Asked:
    """Wants everything, and counts how often it is asked."""

    times = 0

    def __call__(self) -> bool:
        self.times += 1
        return True


def _item(code: str, tests: dict[str, Any], **reward: Any) -> Item:
    rewards = [{"type": "code", "tests": tests, "limits": LIMITS, **reward}]
    return Item.model_validate({"id": "x", "code": code, "rewards": rewards})


@pytest.mark.parametrize(
    ("code", "tests"),
    [
        (SLEEP, STDIO),
        (ENDLESS, STDIO),
        ("print('x' * 1000)\n" + SLEEP, STDIO),
        (FUNCTION, {"kind": "function", "entry_point": "f", "cases": [{"args": [1], "expected": 1}]}),
        (FUNCTION, {"kind": "assert", "asserts": ["assert f(1) == 1"]}),
        (
            FUNCTION,
            {"kind": "script", "entry_point": "f", "source": "def check(c):\n    assert sorted([c(1)]) == [1]\n"},
        ),
        (SLEEP, {"kind": "interactive", "cases": [{"stdin": "1"}], "interactor": INTERACTOR}),
    ],
)
def test_a_run_is_given_up_and_the_next_one_is_judged_as_ever(
    grader: Grader, code: str, tests: dict[str, Any]
) -> None:
    started_s = time.monotonic()
    with pytest.raises(Abandoned), while_wanted(lambda: time.monotonic() < started_s + 1):
        grader.grade(_item(code, tests), 0, Detail.NONE)
    assert time.monotonic() - started_s < 5
    right = grader.grade(_item("print(input())", STDIO), 0, Detail.NONE)
    assert right.reward == 1.0


def test_who_waits_a_short_time_never_asks(grader: Grader) -> None:
    grader.grade(_item("print(input())", STDIO), 0, Detail.NONE)  # warm
    asked = _Asked()
    with while_wanted(asked):
        grader.grade(_item("print(input())", STDIO), 0, Detail.NONE)
    assert asked.times == 0


def test_what_is_wanted_goes_on_for_as_long_as_it_takes(grader: Grader) -> None:
    code = "import time\ntime.sleep(1.5)\nprint(input())\n"
    asked = _Asked()
    with while_wanted(asked):
        result = grader.grade(_item(code, STDIO), 0, Detail.NONE)
    assert result.reward == 1.0
    assert asked.times > 3
