import json
from typing import Any

import pytest

from assay.contract import AccuracyReward, PytestSuite, StdioSuite
from assay.errors import FormatError
from assay.formats import convert_row
from tests.fixtures.dataset_rows import ANSWERS, EURUS


def truth(value: Any, **row: Any) -> dict[str, Any]:
    return {**EURUS, "reward_model": {"style": "rule", "ground_truth": value}, **row}


def test_the_messages_of_a_row_and_its_index_are_kept() -> None:
    converted = convert_row(EURUS)
    assert (converted.id, converted.prompt) == ("12", EURUS["prompt"])


def test_mathematics_is_its_answer() -> None:
    assert convert_row(ANSWERS["eurus math"].row).rewards == (AccuracyReward(type="accuracy", gold="\\frac{1}{2}"),)


@pytest.mark.parametrize(("value", "gold"), [(42, "42"), (0.5, "0.5"), ("{1, 2}", "{1, 2}")])
def test_without_an_ability_what_is_no_table_is_an_answer(value: Any, gold: str) -> None:
    row = truth(value)
    del row["ability"]
    assert convert_row(row).rewards == (AccuracyReward(type="accuracy", gold=gold),)


def test_without_an_ability_a_table_is_code() -> None:
    row = {**EURUS, "ability": None}
    assert isinstance(convert_row(row).suite, StdioSuite)


def test_a_pytest_source_is_a_suite_of_its_own() -> None:
    suite = convert_row(truth(json.dumps({"pytest": "from solution import f\ndef test_f(): assert f()"}))).suite
    assert isinstance(suite, PytestSuite)


def test_assertions_of_code_r1_are_unsupported() -> None:
    with pytest.raises(FormatError, match="unsupported"):
        convert_row(truth(json.dumps({"functional": "assert f()"})))


def test_an_empty_answer_is_refused() -> None:
    with pytest.raises(FormatError, match=r"reward_model\.ground_truth: is missing"):
        convert_row(truth("", ability="math"))
