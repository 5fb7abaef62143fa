"""Other services' routes, on a real queue; the worker of this service rewards with the completion's length."""

import httpx
import pytest

from tests.integration.service.conftest import Service


@pytest.mark.parametrize("path", ["/get_reward", "/compat/openrlhf/get_reward", "/t/any-key/get_reward"])
def test_openrlhf_gets_its_rewards(service: Service, path: str) -> None:
    body = {"query": ["pab", "qabc</s>"], "prompts": ["p", "q"], "labels": ["4", '{"type": "format"}']}
    answer = httpx.post(service.url + path, json=body, timeout=30)
    assert answer.json() == {"rewards": [2.0, 3.0], "scores": [2.0, 3.0], "extra_logs": {"correct": [0.0, 0.0]}}


def test_openrlhf_gets_an_empty_answer_to_an_empty_question(http: httpx.Client) -> None:
    answer = http.post("/get_reward", json={"query": [], "prompts": [], "labels": []})
    assert answer.json() == {"rewards": [], "scores": [], "extra_logs": {}}


def test_openrlhf_is_told_what_is_wrong(http: httpx.Client) -> None:
    answer = http.post("/get_reward", json={"query": ["a"], "labels": ['{"type": "accuracy"}']})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_item")
    assert "item '0'" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/compat/slime", "/compat/xtuner"])
def test_slime_and_xtuner_get_their_score(http: httpx.Client, path: str) -> None:
    answer = http.post(path, json={"prompt": "p", "response": "abc", "label": "4"})
    assert answer.json() == {"score": 3.0, "correct": 0.0}
    assert http.post(path, json={"response": "abc"}).json()["path"] == "label"
