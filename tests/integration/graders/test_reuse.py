"""The same program is not run twice, and whatever might come out differently is."""

from collections.abc import Iterator
from typing import Any

import pytest
import redis

from assay.contract import ComponentResult, Detail, Item
from assay.queue.verdicts import Verdicts
from assay.settings import Settings
from assay_workers.memory import TenantMemory
from assay_workers.wiring import build_grader


@pytest.fixture
def memory(redis_client: redis.Redis, queue_settings: Settings) -> TenantMemory:
    return TenantMemory(Verdicts(redis_client, queue_settings), "a")


@pytest.fixture(scope="module")
def grade() -> Iterator[Any]:
    grader = build_grader(Settings())

    def grade(memory: TenantMemory, code: str, thought: str | None = None, **reward: Any) -> ComponentResult:
        tests = {"kind": "stdio", "cases": [{"stdin": "4", "expected": "8"}, {"stdin": "5", "expected": "10"}]}
        what = {"code": code} if thought is None else {"completion": f"{thought}\n```python\n{code}\n```"}
        rewards = [{"type": "code", "tests": tests, **reward}]
        item = Item.model_validate({"id": "x", **what, "rewards": rewards})
        (component,) = grader.grade(item, 0, Detail.VERDICTS, memory).components
        return component

    yield grade
    grader.close()


@pytest.mark.parametrize("code", ["print(2 * int(input()))", "print(input())", "print("])
def test_the_same_program_is_judged_once(grade: Any, memory: TenantMemory, code: str) -> None:
    first, second = grade(memory, code), grade(memory, code)
    assert (first.reused, second.reused) == (False, True)
    assert second == first.model_copy(update={"reused": True}), "with every measured number of the first run"


def test_a_program_is_the_same_in_whatever_completion_it_comes(grade: Any, memory: TenantMemory) -> None:
    code = "print(2 * int(input()))"
    assert [grade(memory, code, thought).reused for thought in ("Hm.", "Let me see.")] == [False, True]


@pytest.mark.parametrize("code", ["while True: pass", "x = bytearray(1 << 30)", "raise SystemExit(1)"])
def test_what_limits_say_is_run_again(grade: Any, memory: TenantMemory, code: str) -> None:
    limits = {"cpu_s": 0.2, "memory_mb": 128}
    assert [grade(memory, code, limits=limits).reused for _ in range(2)] == [False, False]


def test_other_tests_or_limits_are_another_matter(grade: Any, memory: TenantMemory) -> None:
    code = "print(2 * int(input()))"
    grade(memory, code)
    assert not grade(memory, code, limits={"cpu_s": 7}).reused
    other = {"kind": "stdio", "cases": [{"stdin": "4", "expected": "9"}]}
    assert grade(memory, code, tests=other).score == 0.0
