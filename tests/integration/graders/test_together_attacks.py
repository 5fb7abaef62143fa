"""Attacks of both corpora on test code, forced into one process with it: most are found. Run with `-s`."""

from collections import Counter
from typing import Any

import pytest

from assay.audit.corpus import AuditProgram, ProgramKind
from assay.contract import Flag, Item, PytestSuite, ScriptSuite, Verdict
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.results import JudgedTest
from assay_workers.graders.together import PytestTogetherPlan, ScriptTogetherPlan
from assay_workers.grading import ItemGrader
from assay_workers.port import Grader
from assay_workers.sandbox.languages import languages
from tests.fixtures.attacks import both_corpora, served

_MODES = ("assert", "script", "pytest")


def _script(suite: Any) -> ScriptSuite:
    """Assertions as one script: a test of their own each they are only where values can be compared."""
    if suite.kind == "script":
        return suite  # type: ignore[no-any-return]
    source = "\n".join([suite.setup, *suite.asserts])
    entry_point = suite.asserts[0].partition("assert ")[2].partition("(")[0].strip("( ")
    return ScriptSuite(kind="script", source=source, entry_point=entry_point or "f", prompt=suite.prompt)


def _judge(rooms: Rooms, program: AuditProgram) -> list[JudgedTest]:
    item = Item.model_validate({"id": program.id, **program.item})
    (spec,) = item.rewards
    suite = spec.tests  # type: ignore[union-attr]
    files = {name: text.encode() for name, text in item.files.items()}
    submission = Submission(languages()["python"], (item.code or "").encode(), None, files, spec.limits)  # type: ignore[union-attr]
    plan = PytestTogetherPlan(suite) if isinstance(suite, PytestSuite) else ScriptTogetherPlan(_script(suite))
    return list(plan.judge(rooms, submission).tests)


@pytest.fixture(scope="module")
def rooms(grader: Grader) -> Rooms:
    assert isinstance(grader, ItemGrader)
    return grader._rooms


def test_most_attacks_earn_nothing_even_in_process_and_honest_programs_all(rooms: Rooms) -> None:
    programs = [program for program in served(both_corpora(), python=True) if program.mode in _MODES]
    assert len(programs) >= 30
    earned: dict[str, float] = {}
    outcomes: Counter[str] = Counter()
    for program in programs:
        tests = _judge(rooms, program)
        earned[program.id] = sum(test.verdict is Verdict.ACCEPTED for test in tests) / len(tests)
        forged = any(Flag.FORGED in test.flags for test in tests)
        outcome = "earned" if earned[program.id] else "forged" if forged else "failed"
        outcomes[f"{program.kind.value}, {outcome}"] += 1
    attacks = [program for program in programs if program.kind is ProgramKind.ATTACK]
    paid = {program.id: earned[program.id] for program in attacks if earned[program.id]}
    print(f"\nin process: {dict(sorted(outcomes.items()))}; {len(paid)} of {len(attacks)} attacks earned: {paid}")
    assert {earned[program.id] for program in programs if program.kind is ProgramKind.BENIGN} == {1.0}
    assert paid.keys() <= {program.id for program in attacks if program.max_reward > 0}
    assert outcomes["attack, forged"] >= 3
