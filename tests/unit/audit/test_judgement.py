from typing import Any

import pytest

from assay.audit.corpus import AuditProgram, ProgramKind
from assay.audit.judgement import complaints, is_served
from assay.contract import ItemResult


def program(**fields: Any) -> AuditProgram:
    """An attack that must end as a wrong answer."""
    given: dict[str, Any] = {"min_reward": 0.0, "max_reward": 0.0, "verdicts": frozenset({"wrong_answer"})} | fields
    return AuditProgram("a", ProgramKind.ATTACK, "premature_exit", "python", "stdio", {}, note="", **given)


def answer(reward: float | None, *verdicts: str, error: str = "", **of_test: Any) -> ItemResult:
    """An answer with one component, and a test for every verdict."""
    tests = [{"verdict": verdict, **of_test} for verdict in verdicts]
    component = {"type": "code", "score": reward, "weight": 1.0, "tests": tests}
    told = {"code": error, "message": "", "retryable": False} if error else None
    return ItemResult.model_validate(
        {"id": "a", "index": 0, "reward": reward, "components": [component], "error": told}
    )


HONEST = program(min_reward=1.0, max_reward=1.0, verdicts=frozenset({"accepted"}))


@pytest.mark.parametrize(
    ("wanted", "given", "said"),
    [
        (program(), answer(0.0, "wrong_answer"), []),
        (program(), answer(1.0, "wrong_answer"), ["reward 1, above 0: it was not earned"]),
        (program(), answer(1e-9, "wrong_answer"), []),
        (program(), answer(0.0, "wrong_answer", "time_limit"), ["verdict time_limit, expected wrong_answer"]),
        (program(), answer(None, error="internal"), ["null instead of a reward (internal)"]),
        (program(), answer(None), ["null instead of a reward (no error)"]),
        (program(refusable=True), answer(None, error="invalid_item"), []),
        (
            program(min_reward=1.0, max_reward=1.0),
            answer(0.5, "wrong_answer"),
            ["reward 0.5, below 1: it was earned"],
        ),
        (program(min_reward=0.5, max_reward=0.5), answer(0.5, "wrong_answer"), []),
        (program(needles=("8484842",)), answer(0.0, "wrong_answer"), []),
        (
            program(needles=("8484842",)),
            answer(0.0, "wrong_answer", message="8484842 was expected"),
            ["the expected output '8484842' came back"],
        ),
        (
            program(marks_success=True),
            answer(0.0, "wrong_answer", stderr="PROBE a DENIED\nPROBE b ALLOWED\n"),
            ["PROBE b ALLOWED"],
        ),
        (program(), answer(0.0, "wrong_answer", stderr="PROBE b ALLOWED\n"), []),
        (
            program(uniform=True, verdicts=frozenset({"wrong_answer", "accepted"}), max_reward=1.0),
            answer(0.5, "wrong_answer", "accepted"),
            ["its tests were decided differently: accepted, wrong_answer"],
        ),
    ],
)
def test_an_answer_is_held_against_what_the_corpus_expects(
    wanted: AuditProgram, given: ItemResult, said: list[str]
) -> None:
    assert complaints(wanted, given) == said


@pytest.mark.parametrize(
    ("refusable", "code", "served"),
    [
        (False, "unknown_language", False),
        (False, "tests_not_isolable", False),
        (False, "sandbox_lost", True),
        (False, "", True),
        (True, "tests_not_isolable", True),
    ],
)
def test_a_program_is_not_served_where_its_language_or_tests_are_refused_unasked(
    refusable: bool, code: str, served: bool
) -> None:
    reward = None if code else 0.0
    assert is_served(program(refusable=refusable), answer(reward, error=code)) is served
