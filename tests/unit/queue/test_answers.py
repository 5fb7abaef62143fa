"""Results that no grader wrote."""

from hypothesis import given
from hypothesis import strategies as st

from assay.contract import ItemResult
from assay.errors import ERRORS, AssayError
from assay.queue.answers import ItemName, dump_names, error_result, parse_names


@given(code=st.sampled_from(sorted(ERRORS)), name=st.text(min_size=1), index=st.integers(0, 10**6))
def test_an_error_is_a_null_reward_with_the_row_of_its_code(code: str, name: str, index: int) -> None:
    result = ItemResult.model_validate_json(error_result(ItemName(name, "g"), index, AssayError(code=code)))
    assert result.reward is None
    assert result.error is not None
    assert (result.id, result.index, result.group) == (name, index, "g")
    assert (result.error.code, result.error.retryable) == (code, ERRORS[code].retryable)


@given(names=st.lists(st.tuples(st.text(), st.none() | st.text())))
def test_names_survive_their_journey(names: list[tuple[str, str | None]]) -> None:
    text = dump_names([name for name, _ in names], [group for _, group in names])
    assert parse_names(text) == [ItemName(*name) for name in names]


def test_names_may_have_no_groups() -> None:
    assert parse_names(dump_names(["a", "b"], ())) == [ItemName("a"), ItemName("b")]
