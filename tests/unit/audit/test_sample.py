import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.audit.sample import Record, choose, disagreement, is_accepted, parse_records, parse_results
from assay.contract import ItemResult
from assay.errors import CorpusError


def result(reward: float | None = 1.0, *verdicts: str, name: str = "a", index: int = 0) -> dict[str, Any]:
    components = [{"type": "code", "score": reward, "weight": 1.0, "verdict": verdict} for verdict in verdicts]
    error = {"code": "internal", "message": "", "retryable": True} if reward is None else None
    return {"id": name, "index": index, "reward": reward, "components": components, "error": error}


def parsed(*given: Any, **fields: Any) -> ItemResult:
    return ItemResult.model_validate(result(*given, **fields))


def line(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"


def test_a_line_is_an_item_with_its_result() -> None:
    (record,) = parse_records([line({"item": {"id": "a", "code": "x"}, "result": result()}), b"\n"])
    assert record == Record({"id": "a", "code": "x"}, parsed())


def test_or_a_request_with_its_answer_whose_defaults_are_kept() -> None:
    request = {"items": [{"id": "a"}, {"id": "b"}], "defaults": {"rewards": []}}
    results = [result(name="b", index=1), result(name="a")]
    answer = {"id": "1", "status": "finished", "total": 2, "done": 2, "results": results}
    records = parse_records([line({"request": request, "result": answer})])
    assert [(each.item, each.result.id, each.defaults) for each in records] == [
        ({"id": "b"}, "b", {"rewards": []}),
        ({"id": "a"}, "a", {"rewards": []}),
    ]


def test_or_items_and_results_are_two_files() -> None:
    items = [{"id": "a"}, {"id": "b"}]
    (record,) = parse_results(items, [line(result(name="b", index=1))])
    assert record == Record({"id": "b"}, parsed(name="b", index=1))


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ([1], "line 1 is no record"),
        ({}, "line 1 is no record: 'request' is missing"),
        ({"item": {"id": "a"}}, "line 1 is no record: 'result' is missing"),
        ({"item": {"id": "a"}, "result": {}}, "line 1 is no record: id: Field required"),
        ({"request": {"items": [{"id": "z"}]}, "result": {"results": 1}}, "line 1 is no record: id"),
    ],
)
def test_a_line_that_is_neither_is_told_by_number_and_reason(value: object, complaint: str) -> None:
    with pytest.raises(CorpusError) as caught:
        parse_records([line(value)])
    assert complaint in caught.value.message


def test_text_that_is_not_json_is_told_too() -> None:
    with pytest.raises(CorpusError, match="line 2 is no record"):
        parse_records([b"\n", b"{\n"])


@pytest.mark.parametrize("of", [{"index": 1}, {"name": "b"}])
def test_a_result_of_another_item_is_refused(of: dict[str, Any]) -> None:
    with pytest.raises(CorpusError, match="belongs to no item"):
        parse_results([{"id": "a"}], [line(result(**of))])


@given(st.lists(st.booleans(), max_size=60), st.floats(0.0, 1.0), st.integers())
def test_a_share_of_the_accepted_is_chosen_at_least_one_and_always_the_same(
    accepted: list[bool], share: float, seed: int
) -> None:
    verdicts = ["accepted" if each else "wrong_answer" for each in accepted]
    records = [Record({"id": str(n)}, parsed(1.0, verdict)) for n, verdict in enumerate(verdicts)]
    chosen = choose(records, share, seed)
    assert all(is_accepted(each) for each in chosen)
    assert min(sum(accepted), 1) <= len(chosen) <= max(1, share * sum(accepted) + 1)
    assert len(chosen) >= share * sum(accepted)
    assert chosen == [each for each in records if each in chosen]
    assert chosen == choose(records, share, seed)


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (parsed(1.0, "accepted"), parsed(1.0, "accepted"), None),
        (parsed(1.0, "accepted"), parsed(1.0 + 1e-9, "accepted"), None),
        (parsed(1.0, "accepted"), parsed(0.5, "wrong_answer"), "reward 1 before, 0.5 now"),
        (parsed(1.0, "accepted"), parsed(None), "reward 1 before, none now (internal)"),
        (
            parsed(0.0, "wrong_answer", "accepted"),
            parsed(0.0, "time_limit", "accepted"),
            "verdicts wrong_answer, accepted before, time_limit, accepted now",
        ),
    ],
)
def test_results_agree_in_reward_and_verdicts_or_it_is_said_how_they_do_not(
    before: ItemResult, now: ItemResult, said: str | None
) -> None:
    assert disagreement(before, now) == said
