"""Says what is wrong with the answer to a program of the corpus. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from assay.audit.corpus import AuditProgram
from assay.contract import ItemResult, TestResult

__all__ = ["NOT_SERVED", "complaints", "is_served"]

NOT_SERVED: Final = frozenset({"unknown_language", "tests_not_isolable"})
"""Errors that say that this service does not offer what the program needs, whatever the program does."""
MARGIN: Final = 1e-6
ALLOWED: Final = re.compile(r"^PROBE .*\bALLOWED\b.*$", re.MULTILINE)


def is_served(program: AuditProgram, result: ItemResult) -> bool:
    """Whether the service offers what the program needs: it has not refused its language or its kind of tests."""
    return program.refusable or result.error is None or result.error.code not in NOT_SERVED


def complaints(program: AuditProgram, result: ItemResult) -> list[str]:
    """What is wrong with the answer; nothing, if it is what the corpus expects.

    The answer should have detail `outputs`: only then can be seen what the program has written.
    """
    tests = [test for component in result.components for test in component.tests or ()]
    return [
        *_of_reward(program, result),
        *_of_verdicts(program, tests),
        *_of_texts(program, result, tests),
    ]


def _of_reward(program: AuditProgram, result: ItemResult) -> Iterator[str]:
    if result.reward is None:
        if not program.refusable:
            code = result.error.code if result.error is not None else "no error"
            yield f"null instead of a reward ({code})"
    elif result.reward > program.max_reward + MARGIN:
        yield f"reward {result.reward:g}, above {program.max_reward:g}: it was not earned"
    elif result.reward < program.min_reward - MARGIN:
        yield f"reward {result.reward:g}, below {program.min_reward:g}: it was earned"


def _of_verdicts(program: AuditProgram, tests: list[TestResult]) -> Iterator[str]:
    seen = {test.verdict.value for test in tests}
    for verdict in sorted(seen - program.verdicts):
        yield f"verdict {verdict}, expected {' or '.join(sorted(program.verdicts))}"
    if program.uniform and len(seen) > 1:
        yield f"its tests were decided differently: {', '.join(sorted(seen))}"


def _of_texts(program: AuditProgram, result: ItemResult, tests: list[TestResult]) -> Iterator[str]:
    text = result.model_dump_json()
    for needle in program.needles:
        if needle in text:
            yield f"the expected output {needle!r} came back"
    if program.marks_success:
        for test in tests:
            yield from ALLOWED.findall(test.stderr or "")
