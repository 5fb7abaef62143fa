"""The lengths of a rollout group are written into its items when the batch is admitted."""

import json
from typing import Any

from assay_service.admission import AdmissionTerms, admit_batch

TERMS = AdmissionTerms(max_items=100, workers=1, shard_work_s=1.0)
LENGTH = {"type": "length", "gold": "4"}


def _admitted(*items: dict[str, Any], reward: dict[str, Any] | None = None) -> dict[str, tuple[Any, Any]]:
    """The shortest and longest completion that the (last) reward of each admitted item knows of."""
    body = {"items": items, "defaults": {"rewards": [{"type": "format"}, reward or LENGTH]}}
    batch = admit_batch(json.dumps(body).encode(), "batch", TERMS)
    admitted = [json.loads(payload) for payload in batch.items.values()]
    return {
        item["id"]: tuple(item["rewards"][-1].get(name) for name in ("shortest", "longest")) for item in admitted
    }


def _item(name: str, length: int, group: str | None = "g", **more: Any) -> dict[str, Any]:
    return {"id": name, "group": group, "completion": "x" * length, **more}


def test_each_item_knows_the_shortest_and_the_longest_of_its_group() -> None:
    items = [_item("a", 3), _item("b", 9), _item("c", 5), _item("d", 70, "h"), _item("e", 1, "h")]
    assert _admitted(*items) == {"a": (3, 9), "b": (3, 9), "c": (3, 9), "d": (1, 70), "e": (1, 70)}


def test_an_item_that_asks_for_no_length_is_not_counted() -> None:
    other = _item("b", 9, rewards=[{"type": "format"}])
    assert _admitted(_item("a", 3), other, _item("c", 5)) == {"a": (3, 5), "b": (None, None), "c": (3, 5)}


def test_a_refused_item_is_not_counted() -> None:
    assert _admitted(_item("a", 3), _item("a", 9), _item("c", 5)) == {"a": (3, 5), "c": (3, 5)}


def test_tokens_and_characters_are_counted_apart() -> None:
    tokens = [{"type": "length", "gold": "4", "unit": "tokens"}]
    items = [_item("a", 3), _item("b", 9, rewards=tokens, token_count=50), _item("c", 5, token_count=7)]
    assert _admitted(*items) == {"a": (3, 5), "b": (50, 50), "c": (3, 5)}


def test_lengths_that_are_given_stay() -> None:
    given = {**LENGTH, "shortest": 1, "longest": 100}
    assert _admitted(_item("a", 3), _item("b", 9), reward=given) == {"a": (1, 100), "b": (1, 100)}


def test_a_lone_surrogate_is_one_character() -> None:
    assert _admitted(_item("a", 3), {"id": "b", "group": "g", "completion": "\ud800x"}) == {
        "a": (2, 3),
        "b": (2, 3),
    }
