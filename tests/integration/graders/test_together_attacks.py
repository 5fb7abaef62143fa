"""The corpus's attacks on test code, forced into one process with it: most are found. Run with `-s`."""

from collections import Counter
from typing import Any

import pytest

from assay.contract import Flag, Item, PytestSuite, ScriptSuite, Verdict
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.results import JudgedTest
from assay_workers.graders.together import PytestTogetherPlan, ScriptTogetherPlan
from assay_workers.grading import ItemGrader
from assay_workers.port import Grader
from assay_workers.sandbox.languages import languages
from tests.fixtures.attacks import attack_item, load_attacks, python_entries

_MODES = ("assert", "pytest")


def _script(suite: Any) -> ScriptSuite:
    """Assertions as one script: a test of their own each they are only where values can be compared."""
    if suite.kind == "script":
        return suite  # type: ignore[no-any-return]
    source = "\n".join([suite.setup, *suite.asserts])
    entry_point = suite.asserts[0].partition("assert ")[2].partition("(")[0].strip("( ")
    return ScriptSuite(kind="script", source=source, entry_point=entry_point or "f", prompt=suite.prompt)


def _judge(rooms: Rooms, entry: dict[str, Any]) -> list[JudgedTest]:
    item = Item.model_validate(attack_item(entry))
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
    corpus = load_attacks()
    entries = [entry for entry in python_entries(corpus) if entry["mode"] in _MODES]
    assert len(entries) >= 30
    earned: dict[str, float] = {}
    outcomes: Counter[str] = Counter()
    for entry in entries:
        tests = _judge(rooms, entry)
        name, kind = entry["id"], entry["kind"]
        earned[name] = sum(test.verdict is Verdict.ACCEPTED for test in tests) / len(tests)
        forged = any(Flag.FORGED in test.flags for test in tests)
        outcomes[f"{kind}, {'earned' if earned[name] else 'forged' if forged else 'failed'}"] += 1
    attacks = [entry for entry in entries if entry["kind"] == "attack"]
    paid = {entry["id"]: earned[entry["id"]] for entry in attacks if earned[entry["id"]]}
    print(f"\nin process: {dict(sorted(outcomes.items()))}; {len(paid)} of {len(attacks)} attacks earned: {paid}")
    assert {earned[entry["id"]] for entry in entries if entry["kind"] == "benign"} == {1.0}
    assert paid.keys() <= {entry["id"] for entry in attacks if entry["expect_max_reward"] > 0}
    assert outcomes["attack, forged"] >= 3
