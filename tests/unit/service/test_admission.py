"""From a body to a batch."""

import copy
import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.contract import Item, ItemResult
from assay.errors import RequestError
from assay.queue.port import NewBatch
from assay_service.admission import (
    AdmissionTerms,
    admit_batch,
    check_content_type,
    check_idempotency_key,
    merge_defaults,
)
from assay_service.complaints import InvalidRequest

TERMS = AdmissionTerms(max_items=100, workers=2, shard_work_s=0.5)
STDIO = {"kind": "stdio", "cases": [{"stdin": "1\n", "expected": "1\n"}]}
GOOD: dict[str, Any] = {"id": "good", "completion": "x", "rewards": [{"type": "code", "tests": STDIO}]}

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=20)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)


def admit(*items: object, **fields: object) -> NewBatch:
    return admit_batch(json.dumps({"items": items, **fields}).encode(), "b", TERMS)


def item(**fields: object) -> dict[str, Any]:
    return {**copy.deepcopy(GOOD), **fields}


def with_tests(tests: object) -> dict[str, Any]:
    return item(rewards=[{"type": "code", "tests": tests}])


def error_of(*items: object, **fields: object) -> tuple[str, str, str]:
    """Code, path and message with hint of the only refused item."""
    batch = admit(*items, **fields)
    (result,) = batch.results.values()
    error = ItemResult.model_validate_json(result).error
    assert error is not None
    return error.code, error.path or "", f"{error.message}; {error.hint}"


def code_of(body: object) -> str | None:
    """The code of the error that the body is refused with, if it is."""
    try:
        admit_batch(json.dumps(body).encode(), "b", TERMS)
    except RequestError as error:
        return error.code
    return None


def refusal_of(**fields: object) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        admit_batch(json.dumps(fields).encode(), "b", TERMS)
    return caught.value


@given(ANY_JSON)
def test_any_json_is_a_batch_or_a_request_error(value: object) -> None:
    assert code_of(value) in {None, "invalid_request"}


@given(st.lists(ANY_JSON, min_size=1, max_size=5), ANY_JSON, st.sampled_from(sorted(GOOD)))
def test_whatever_its_neighbours_are_a_good_item_is_admitted(others: list[object], odd: object, name: str) -> None:
    neighbours = [*others, item(**{"id": "odd", name: odd})]
    batch = admit(*neighbours, GOOD)
    assert batch.items[len(neighbours)] == orjson.dumps(GOOD)
    assert set(batch.items) | set(batch.results) == set(range(len(neighbours) + 1))
    assert not set(batch.items) & set(batch.results)
    for index, result in batch.results.items():
        refused = ItemResult.model_validate_json(result)
        assert (None, index, batch.ids[index]) == (refused.reward, refused.index, refused.id)
    for payload in batch.items.values():
        Item.model_validate_json(payload)


@given(ANY_TEXT, ANY_TEXT)
def test_nothing_a_model_writes_can_make_its_item_invalid(completion: str, code: str) -> None:
    batch = admit(item(completion=completion), {**item(id="c", code=code), "completion": None})
    assert batch.results == {}
    assert Item.model_validate_json(batch.items[1]).code is not None


def test_a_lone_surrogate_of_the_model_becomes_the_replacement_character() -> None:
    batch = admit(item(completion="a\ud800b", files={"notes": "\udfff"}))
    admitted = Item.model_validate_json(batch.items[0])
    assert (admitted.completion, admitted.files) == ("a\ufffdb", {"notes": "\ufffd"})


def test_a_lone_surrogate_of_the_caller_is_the_items_error() -> None:
    stdin = {"kind": "stdio", "cases": [{"stdin": "\ud800", "expected": ""}]}
    code, path, message = error_of(with_tests(stdin))
    assert (code, path) == ("invalid_item", "items[0].rewards[0].tests.cases[0].stdin")
    assert "surrogate" in message


def test_nan_is_the_items_error_and_has_its_path() -> None:
    call = {"kind": "function", "entry_point": "f", "cases": [{"args": [float("nan")], "expected": 1}]}
    code, path, message = error_of(GOOD, with_tests(call))
    assert (code, path) == ("invalid_item", "items[1].rewards[0].tests.cases[0].args[0]")
    assert "NaN" in message


def test_the_word_nan_in_a_completion_is_no_error() -> None:
    assert admit(item(completion="NaN Infinity")).results == {}


def test_nul_characters_are_text() -> None:
    batch = admit(item(completion="a\0b"))
    assert Item.model_validate_json(batch.items[0]).completion == "a\0b"


def test_integers_beyond_64_bits_reach_the_worker_exactly() -> None:
    call = {"kind": "function", "entry_point": "f", "cases": [{"args": [3], "expected": 10**30}]}
    assert str(10**30).encode() in admit(with_tests(call)).items[0]


def test_ten_megabytes_of_stdin_are_admitted() -> None:
    big = {"kind": "stdio", "cases": [{"stdin": "7" * 10_000_000, "expected": ""}]}
    (suite,) = admit(with_tests(big)).suites.values()
    assert len(suite) > 10_000_000


@pytest.mark.parametrize(
    ("wrong", "path", "says"),
    [
        (with_tests({"kind": "stdio", "cases": []}), ".rewards[0].tests.cases", "at least 1, not 0; None"),
        (with_tests({"kind": "stdio", "cases": [{"stdin": ""}]}), ".rewards[0].tests.cases[0].expected", "missing"),
        (with_tests({"kind": "stdoi", "cases": []}), ".rewards[0].tests.kind", "did you mean 'stdio'?"),
        (
            with_tests({"cases": []}),
            ".rewards[0].tests.kind",
            "give one of: assert, function, interactive, pytest, script, stdio",
        ),
        (with_tests(7), ".rewards[0].tests", "must be an object"),
        (with_tests({"kind": "stdio", "cases": 7}), ".rewards[0].tests.cases", "must be a list"),
        (item(rewards=[{"type": "cod"}]), ".rewards[0].type", "did you mean 'code'?"),
        (
            item(rewards=[{"type": "nothing"}]),
            ".rewards[0].type",
            "accuracy, binary_code, cf_code, code, code_format, cosine,",
        ),
        (item(rewards=[]), ".rewards", "at least 1, not 0"),
        (item(grup="g"), ".grup", "did you mean 'group'?"),
        (item(files={"a/b": ""}), ".files.a/b", "match"),
        (item(files={"a": 1}), ".files.a", "valid string"),
        (item(code="x"), "", "exactly one of 'completion'"),
        (item(id=""), ".id", "at least 1 character"),
        (item(id=7), ".id", "valid string"),
        ({}, ".id", "missing (and 1 more)"),
        (7, "", "must be an object"),
    ],
)
def test_an_error_of_an_item_says_where_and_what(wrong: object, path: str, says: str) -> None:
    code, found, message = error_of(GOOD, wrong)
    assert ("invalid_item", f"items[1]{path}") == (code, found)
    assert says in message


def test_an_error_is_bounded_however_long_the_callers_names_are() -> None:
    (result,) = admit(item(**{"x" * 1_000_000: 1})).results.values()
    assert len(result) < 5_000


def test_the_first_well_formed_item_has_an_id_and_later_ones_are_duplicates() -> None:
    batch = admit({"id": "good"}, GOOD, GOOD, GOOD)
    codes = [orjson.loads(result)["error"]["code"] for result in batch.results.values()]
    assert (list(batch.items), codes) == ([1], ["invalid_item", "duplicate_id", "duplicate_id"])
    assert batch.ids == ("good",) * 4


@pytest.mark.parametrize("unusable", ["", 7, None, "x" * 513, "\ud800", ["id"]])
def test_an_item_without_a_usable_id_is_answered_with_an_empty_one(unusable: object) -> None:
    assert admit(item(id=unusable)).ids == ("",)


def test_a_batch_keeps_order_groups_and_detail() -> None:
    batch = admit(item(id="a", group="g"), 7, item(id="b"), detail="outputs")
    assert (batch.ids, batch.groups) == (("a", "", "b"), ("g", None, None))
    assert (batch.detail, sorted(index for shard in batch.shards for index in shard)) == ("outputs", [0, 2])


def test_defaults_lie_under_every_item_before_it_is_checked() -> None:
    defaults = {"rewards": [{"type": "format"}], "files": {"a": "1", "b": "2"}}
    batch = admit({"id": "a", "completion": "", "files": {"b": "3"}}, defaults=defaults)
    assert Item.model_validate_json(batch.items[0]).files == {"a": "1", "b": "3"}


OBJECTS = st.dictionaries(
    st.sampled_from("abc"),
    st.recursive(st.integers(), lambda inner: st.dictionaries(st.sampled_from("abc"), inner), max_leaves=6),
)


@given(OBJECTS, OBJECTS)
def test_merging_once_is_enough_and_changes_neither_side(a: Any, b: Any) -> None:
    before = copy.deepcopy((a, b))
    merged = merge_defaults(a, b)
    assert merge_defaults(merged, b) == merge_defaults(a, merged) == merged
    assert merge_defaults({}, a) == a == merge_defaults(a, {})
    assert (a, b) == before


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({}, "invalid_request", "items"),
        ({"items": []}, "invalid_request", "items"),
        ({"items": {}}, "invalid_request", "items"),
        ({"items": [GOOD] * 101}, "too_many_items", "items"),
        ({"items": [GOOD], "detial": "none"}, "invalid_request", "detial"),
        ({"items": [GOOD], "detail": "all"}, "invalid_request", "detail"),
        ({"items": [GOOD], "detail": ["none"]}, "invalid_request", "detail"),
        ({"items": [GOOD], "defaults": []}, "invalid_request", "defaults"),
        ({"items": [GOOD], "defaults": {"reward": []}}, "invalid_request", "defaults.reward"),
    ],
)
def test_a_wrong_field_of_the_request_is_refused_with_its_path(fields: Any, code: str, path: str) -> None:
    refused = refusal_of(**fields)
    assert (code, path) == (refused.code, refused.path)


def test_all_wrong_fields_of_the_request_are_named_at_once_with_hints() -> None:
    refused = refusal_of(itms=[], detail="x")
    assert [error.path for error in refused.errors] == ["itms", "items", "detail"]
    assert (refused.errors[0].hint or "").startswith("did you mean 'items'?")


@pytest.mark.parametrize(
    "accepted", [None, "", "application/json", "Application/JSON; charset=utf-8", "application/x+json"]
)
def test_json_by_any_name_and_no_name_are_accepted(accepted: str | None) -> None:
    check_content_type(accepted)


@pytest.mark.parametrize(
    "refused", ["text/plain", "application/x-www-form-urlencoded", "application/jsonl", "json"]
)
def test_other_content_types_are_refused(refused: str) -> None:
    with pytest.raises(RequestError) as caught:
        check_content_type(refused)
    assert caught.value.code == "unsupported_media_type"


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=255))
def test_visible_ascii_is_an_idempotency_key(key: str) -> None:
    assert check_idempotency_key(key) == key


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "é", "a\n"])
def test_other_idempotency_keys_are_refused(key: str) -> None:
    with pytest.raises(RequestError) as caught:
        check_idempotency_key(key)
    assert caught.value.path == "Idempotency-Key"


def test_the_same_body_has_the_same_fingerprint() -> None:
    assert admit(GOOD).fingerprint == admit(GOOD).fingerprint != admit(GOOD, GOOD).fingerprint
