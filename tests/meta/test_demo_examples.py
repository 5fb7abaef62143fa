"""The bundled batch shows what it should, whatever this machine can grade."""

import pytest
from pydantic import ValidationError

from assay.contract import Item, Verdict
from assay.demo import Example, load_examples
from assay.errors import ERRORS

EXAMPLES = load_examples()


def example_id(example: Example) -> str:
    return str(example.item["id"])


@pytest.mark.parametrize("example", EXAMPLES, ids=example_id)
def test_every_example_is_an_item_of_the_contract_unless_it_shows_one_that_is_not(example: Example) -> None:
    try:
        Item.model_validate(example.item)
    except ValidationError:
        assert example.error == "invalid_item"
    else:
        assert example.error != "invalid_item"


@pytest.mark.parametrize("example", EXAMPLES, ids=example_id)
def test_every_example_expects_a_reward_or_an_error_and_not_both(example: Example) -> None:
    assert (example.reward is None) == (example.error is not None)
    assert example.error is None or example.error in ERRORS


def test_the_examples_show_every_verdict_but_that_of_a_test_which_is_not_run() -> None:
    shown = {example.verdict for example in EXAMPLES} - {None}
    assert shown == {verdict.value for verdict in Verdict} - {"skipped"}


def test_there_are_many_and_no_two_share_an_id() -> None:
    assert len({example_id(example) for example in EXAMPLES}) == len(EXAMPLES) >= 30
