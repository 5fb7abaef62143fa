"""What the contract accepts of `compose`, of names and of `length`, and how it says what is wrong."""

from typing import Any

import pytest
from pydantic import ValidationError

from assay.contract import Item

FORMAT: dict[str, Any] = {"type": "format"}
SHUT: dict[str, Any] = {"gates": [{"component": "format"}]}
LENGTH: dict[str, Any] = {"type": "length", "correct_by": "format"}


def _item(*rewards: dict[str, Any], **more: Any) -> Item:
    return Item.model_validate({"id": "a", "completion": "four", "rewards": rewards, **more})


def test_a_gate_names_a_component_or_its_type() -> None:
    assert _item(FORMAT, compose={"gates": [{"component": "format"}]}).compose.gates[0].at_least == 1.0
    named = {**FORMAT, "name": "form"}
    assert _item(named, FORMAT, compose={"gates": [{"component": "form", "at_least": 0.5}]})


@pytest.mark.parametrize(
    ("rewards", "more", "complaint"),
    [
        (
            (FORMAT,),
            {"compose": {"gates": [{"component": "code"}]}},
            "no component is called 'code'; there",
        ),
        (
            (FORMAT, FORMAT),
            {"compose": {"gates": [{"component": "format"}]}},
            "2 components are 'format'",
        ),
        (({**FORMAT, "name": "a"}, {**FORMAT, "name": "a"}), {}, "two components are called 'a'"),
        ((FORMAT,), {"compose": {"clip": [1, -1]}}, "lower bound first, and 1 is above -1"),
        ((FORMAT,), {"compose": {"gates": 2 * [{"component": "format"}]}}, "two 'gates' are of the component"),
        ((FORMAT, LENGTH), {}, "give the item's 'group'"),
        ((FORMAT, {"type": "length"}), {"group": "g"}, "exactly one of 'gold' and 'correct_by'"),
        ((FORMAT, {**LENGTH, "gold": "4"}), {"group": "g"}, "exactly one of 'gold' and 'correct_by'"),
        ((FORMAT, {**LENGTH, "shortest": 3}), {"group": "g"}, "'shortest' and 'longest' together"),
        ((FORMAT, {**LENGTH, "shortest": 3, "longest": 2}), {}, "'shortest' \\(3\\) is above 'longest' \\(2\\)"),
        ((FORMAT, {**LENGTH, "shortest": 5, "longest": 9}), {}, "length in characters, 4, is not between"),
        ((FORMAT, {**LENGTH, "correct_by": "length"}), {"group": "g"}, "must name a component that judges"),
        ((FORMAT, {**LENGTH, "correct_by": "code"}), {"group": "g"}, "no component is called 'code'"),
        ((FORMAT, {**LENGTH, "unit": "tokens"}), {"group": "g"}, "'length' reward counts tokens"),
    ],
)
def test_what_cannot_be_composed_is_refused_with_a_reason(
    rewards: tuple[dict[str, Any], ...], more: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValidationError, match=complaint):
        _item(*rewards, **more)


def test_the_lengths_of_a_group_may_be_given() -> None:
    assert _item(FORMAT, {**LENGTH, "shortest": 4, "longest": 9}).group is None
