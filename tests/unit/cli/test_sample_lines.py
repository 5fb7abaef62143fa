"""Rows of datasets with completions are graded as they are."""

import json
from typing import Any

import pytest

from assay.cli.item_lines import parse_item_lines
from assay.cli.sample_lines import completions_of, items_of_row
from assay.contract import Item
from assay.errors import FormatError

MBPP = {"task_id": 7, "text": "Add.", "code": "def add(a, b): return a + b", "test_list": ["assert add(1, 2) == 3"]}
GSM = {"question": "2 + 2?", "answer": "It is.\n#### 4"}


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"completion": "a"}, ("completion", ["a"])),
        ({"responses": ["a", "b"], "output": "c"}, ("responses", ["a", "b"])),
        ({"responses": [], "output": "c"}, ("output", ["c"])),
        ({"completions": [1]}, None),
        ({}, None),
    ],
)
def test_completions_are_found_where_they_usually_are(row: dict[str, Any], found: object) -> None:
    assert completions_of(row) == found


def test_a_named_column_counts_alone() -> None:
    assert completions_of({"mine": ["a"], "output": "b"}, "mine") == ("mine", ["a"])
    assert completions_of({"output": "b"}, "mine") is None


def test_a_row_is_as_many_items_as_it_has_completions_and_they_are_a_group() -> None:
    items = [Item.model_validate(item) for item in items_of_row({**MBPP, "completions": ["x", "y"]}, 3)]
    assert [(item.id, item.group, item.completion) for item in items] == [
        ("7@3-0", "7@3", "x"),
        ("7@3-1", "7@3", "y"),
    ]
    assert items[0].rewards == items[1].rewards
    assert items[0].rewards[0].type == "code"


def test_answers_are_rows_too() -> None:
    (item,) = items_of_row({**GSM, "response": "\\boxed{4}"}, 1, source="gsm8k")
    assert item["rewards"][0]["gold"] in ("4", ["4"])


def test_a_row_without_completions_or_of_no_format_says_so() -> None:
    with pytest.raises(FormatError, match="neither 'rewards' nor completions"):
        items_of_row(MBPP, 1)
    with pytest.raises(FormatError):
        items_of_row({"what": 1, "completion": "x"}, 1)


def lines(*values: object) -> list[bytes]:
    return [json.dumps(value).encode() for value in values]


def test_items_and_rows_may_stand_in_one_file_and_what_is_neither_costs_itself() -> None:
    item = {"id": "a", "completion": "x", "rewards": [{"type": "format"}]}
    given = lines(item, {**MBPP, "completions": ["x", "y"]}, {"what": 1, "response": "x"}, {"completion": "x"})
    items, bad = parse_item_lines(given)
    assert [line.item["id"] for line in items] == ["a", "7@2-0", "7@2-1", "line-4"]
    assert [line.line for line in bad] == [3]


def test_a_named_format_makes_every_line_a_row() -> None:
    items, bad = parse_item_lines(lines({**GSM, "mine": "4"}), source="gsm8k", column="mine")
    assert (len(items), bad) == (1, [])
    _, bad = parse_item_lines(lines({"id": "a", "completion": "x", "rewards": []}), source="gsm8k")
    assert "invalid_row" in bad[0].reason or "gsm8k" in bad[0].reason
