"""OpenRLHF's requests and replies, as its client sends and reads them (0.4 to 0.11)."""

import json
from typing import Any

import pytest

from assay.contract import ComponentResult, ErrorInfo, ItemResult
from assay.errors import AssayError, RequestError
from assay_service.compat.openrlhf import to_batch, to_reply


def items(**fields: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = to_batch(json.dumps(fields).encode())["items"]
    return found


def result(index: int, reward: float | None, score: float = 1.0, error: ErrorInfo | None = None) -> ItemResult:
    components = (ComponentResult(type="accuracy", score=score, weight=1.0),)
    return ItemResult(id=str(index), index=index, reward=reward, error=error, components=components)


def test_a_query_is_a_prompt_and_what_the_model_wrote() -> None:
    (item,) = items(query=["Q: 2+2?\nIt is \\boxed{4}<|im_end|>\n"], prompts=["Q: 2+2?\n"], labels=["4"])
    assert item["completion"] == "It is \\boxed{4}"
    assert item["rewards"] == [{"type": "accuracy", "gold": "4"}]


@pytest.mark.parametrize("end", ["", "</s>", "<|endoftext|>", "<|im_end|>\n<|endoftext|>", "<eos>"])
def test_the_tokenizers_last_tokens_are_no_part_of_it(end: str) -> None:
    (item,) = items(query=["p" + "answer" + end], prompts=["p"], labels=["4"])
    assert item["completion"] == "answer"


def test_samples_of_a_prompt_are_a_group() -> None:
    found = items(query=["pa", "pb", "qc"], prompts=["p", "p", "q"], labels=["1", "1", "2"])
    assert found[0]["group"] == found[1]["group"] != found[2]["group"]


def test_the_oldest_client_sends_no_prompts_and_newer_ones_further_fields() -> None:
    (item,) = items(query=["all of it"], labels=["4"], something="else")
    assert item["completion"] == "all of it"


def test_no_queries_are_no_error() -> None:
    assert to_batch(b'{"query": [], "prompts": [], "labels": []}') == {"items": []}
    assert to_reply([]) == {"rewards": [], "scores": [], "extra_logs": {}}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({}, "query"),
        ({"query": 1, "labels": ["4"]}, "query"),
        ({"query": ["a"]}, "labels"),
        ({"query": ["a"], "labels": [""]}, "labels"),
        ({"query": ["a", "b"], "labels": ["4"]}, "labels"),
        ({"query": ["a"], "labels": ["4"], "prompts": ["p", "q"]}, "prompts"),
    ],
)
def test_what_is_no_request_says_why(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(RequestError) as caught:
        to_batch(json.dumps(fields).encode())
    assert caught.value.path == path


def test_a_reply_has_rewards_scores_and_logs_of_constant_names() -> None:
    assert to_reply([result(0, 1.1), result(1, 0.6, 0.5)]) == {
        "rewards": [1.1, 0.6],
        "scores": [1.0, 0.5],
        "extra_logs": {"correct": [1.0, 0.0]},
    }


@pytest.mark.parametrize(
    ("code", "status", "retryable"), [("worker_lost", 503, True), ("invalid_item", 422, False)]
)
def test_what_cannot_be_judged_is_no_reply(code: str, status: int, *, retryable: bool) -> None:
    error = ErrorInfo(code=code, message="because", retryable=retryable)
    with pytest.raises(AssayError) as caught:
        to_reply([result(0, 1.0), result(1, None, error=error)])
    assert (caught.value.code, caught.value.row.status) == (code, status)
    assert "query 1" in caught.value.message
