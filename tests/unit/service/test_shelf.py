"""Suites that items share are validated once, stored once, and mean the same as if each item had its own."""

import json
from typing import Any

import pytest

from assay.contract import Item, ItemResult
from assay.queue.port import NewBatch
from assay.queue.suites import name_of, parse_suite, read_item, referred_suites
from assay_service.admission import AdmissionTerms, admit_batch
from tests.unit.service.test_dataset_rows import TACO

TERMS = AdmissionTerms(max_items=100, workers=2, shard_work_s=0.5)
LARGE: dict[str, Any] = {
    "kind": "stdio",
    "cases": [{"stdin": f"{number}\n", "expected": "x" * 100} for number in range(20)],
}
SMALL: dict[str, Any] = {"kind": "stdio", "cases": [{"stdin": "1", "expected": "1"}]}
UPLOADED = json.dumps(LARGE).encode()


def item(number: int, tests: object, **more: object) -> dict[str, Any]:
    return {"id": f"i{number}", "code": "pass", "rewards": [{"type": "code", "tests": tests, **more}]}


def admit(*items: object, **fields: object) -> NewBatch:
    uploads = {name_of(UPLOADED): UPLOADED}
    return admit_batch(json.dumps({"items": items, **fields}).encode(), "b", TERMS, fetch=uploads.get)


def graded(batch: NewBatch) -> list[Item]:
    """The items as a worker reads them."""
    suites = {name: parse_suite(json.loads(text)) for name, text in batch.suites.items()}
    assert referred_suites(batch.items.values()) <= suites.keys()
    return [read_item(batch.items[index], suites.__getitem__) for index in sorted(batch.items)]


def error_of(*items: object, **fields: object) -> tuple[str, str, str]:
    (result,) = admit(*items, **fields).results.values()
    error = ItemResult.model_validate_json(result).error
    assert error is not None
    return error.code, error.path or "", f"{error.message}; {error.hint}"


def by_name(name: str = "p1") -> dict[str, Any]:
    return {"kind": "shared", "name": name}


BY_HASH = {"kind": "shared", "sha256": name_of(UPLOADED)}
WAYS: list[tuple[object, dict[str, Any]]] = [
    (LARGE, {}),
    (by_name(), {"suites": {"p1": LARGE}}),
    (BY_HASH, {}),
]


@pytest.mark.parametrize(("tests", "fields"), WAYS)
def test_samples_of_a_prompt_store_their_tests_once(tests: object, fields: dict[str, Any]) -> None:
    batch = admit(*(item(number, tests) for number in range(8)), **fields)
    assert batch.results == {}
    assert len(batch.suites) == 1
    assert all(len(payload) < 300 for payload in batch.items.values())
    expected = [Item.model_validate(item(number, LARGE)) for number in range(8)]
    assert graded(batch) == expected


def test_it_makes_no_difference_to_the_work_how_tests_came() -> None:
    batches = [admit(item(0, tests), **fields) for tests, fields in WAYS]
    assert {batch.work_s[0] for batch in batches} == {batches[0].work_s[0]}
    assert batches[0].work_s[0] > 0.05


def test_a_small_suite_stays_in_its_item() -> None:
    batch = admit(item(0, SMALL), item(1, by_name()), suites={"p1": SMALL})
    assert batch.suites == {}
    assert graded(batch) == [Item.model_validate(item(number, SMALL)) for number in range(2)]


def test_a_shared_row_is_converted_with_what_it_says_of_the_reward() -> None:
    row = {
        "kind": "dataset",
        "row": {**TACO, "input_output": json.dumps({"inputs": ["1\n"] * 99, "outputs": ["2"] * 99})},
    }
    shared = admit(item(0, by_name()), item(1, by_name(), limits={"cpu_s": 9}), suites={"p1": row})
    own = admit(item(0, row), item(1, row, limits={"cpu_s": 9}))
    assert graded(shared) == graded(own)
    assert len(shared.suites) == 1
    assert [item.rewards[0].limits.cpu_s for item in graded(shared)] == [2.0, 9.0]  # type: ignore[union-attr]


def test_a_completion_that_looks_like_a_reference_is_none() -> None:
    text = json.dumps({"tests": {"kind": "shared", "sha256": "0" * 64}}, separators=(",", ":"))
    batch = admit({**item(0, SMALL), "code": text})
    assert referred_suites(batch.items.values()) == set()
    assert graded(batch)[0].code == text


def test_two_rewards_of_an_item_may_share_a_suite() -> None:
    both = {**item(0, LARGE), "rewards": [{"type": kind, "tests": by_name()} for kind in ("code", "binary_code")]}
    batch = admit(both, suites={"p1": LARGE})
    assert len(batch.suites) == 1
    assert [reward.type for reward in graded(batch)[0].rewards] == ["code", "binary_code"]


def test_a_wrong_suite_is_the_error_of_the_items_that_refer_to_it() -> None:
    wrong = {**LARGE, "cases": [{"stdin": "1" * 2000}]}
    batch = admit(item(0, by_name("wrong")), item(1, by_name("good")), suites={"wrong": wrong, "good": LARGE})
    assert (list(batch.items), list(batch.results)) == ([1], [0])
    code, path, message = error_of(item(0, by_name("wrong")), suites={"wrong": wrong})
    assert (code, path) == ("invalid_item", "items[0].rewards[0].tests.cases[0].expected")
    assert "missing" in message


@pytest.mark.parametrize(
    ("tests", "code", "path", "says"),
    [
        (by_name("p2"), "suite_not_found", ".name", "known: p1"),
        ({"kind": "shared", "sha256": "0" * 64}, "suite_not_found", ".sha256", "PUT /v1/suites/"),
        ({"kind": "shared"}, "invalid_item", "", "give 'name' or 'sha256'"),
        ({**by_name(), "sha256": "0" * 64}, "invalid_item", "", "one of them"),
        ({"kind": "shared", "sha256": "0"}, "invalid_item", ".sha256", "uploaded"),
        ({**by_name(), "nam": "p1"}, "invalid_item", ".nam", "did you mean 'name'"),
    ],
)
def test_a_reference_that_leads_nowhere_says_so(tests: dict[str, Any], code: str, path: str, says: str) -> None:
    found = error_of(item(0, tests), suites={"p1": LARGE})
    assert found[:2] == (code, f"items[0].rewards[0].tests{path}")
    assert says in found[2]


@pytest.mark.parametrize("suite", [1, "text", None, {"kind": "shared", "name": "p1"}])
def test_what_is_no_suite_cannot_be_shared(suite: object) -> None:
    code, _, _ = error_of(item(0, by_name()), suites={"p1": suite})
    assert code in {"invalid_item", "suite_not_found"}


def test_numbers_that_are_no_json_are_still_refused() -> None:
    cases = [{"args": [float("nan")], "expected": "x" * 2000}]
    tests = {"kind": "function", "entry_point": "f", "cases": cases}
    code, path, _ = error_of(item(0, tests))
    assert (code, path) == ("invalid_item", "items[0].rewards[0].tests.cases[0].args[0]")
