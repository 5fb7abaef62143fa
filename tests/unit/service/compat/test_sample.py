"""slime's and xtuner's requests and replies."""

import json
from typing import Any

import pytest

from assay.contract import ComponentResult, ErrorInfo, ItemResult
from assay.errors import AssayError, RequestError
from assay_service.compat.sample import to_batch, to_reply


def item(**fields: Any) -> dict[str, Any]:
    (found,) = to_batch(json.dumps(fields).encode())["items"]
    return dict(found)


def test_slime_sends_prompt_response_and_label() -> None:
    found = item(prompt=[{"role": "user", "content": "2+2?"}], response="It is 4.<|im_end|>", label="4")
    assert found["completion"] == "It is 4."
    assert found["rewards"] == [{"type": "accuracy", "gold": "4"}]
    assert found["group"] == item(prompt=[{"role": "user", "content": "2+2?"}], response="5", label="4")["group"]


def test_xtuner_sends_no_prompt_and_further_information() -> None:
    found = item(response="x", label={"type": "format"}, extra_info={})
    assert found["rewards"] == [{"type": "format"}]


@pytest.mark.parametrize(
    ("fields", "path"),
    [({"label": "4"}, "response"), ({"response": 1, "label": "4"}, "response"), ({"response": "x"}, "label")],
)
def test_what_is_no_sample_says_why(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(RequestError) as caught:
        to_batch(json.dumps(fields).encode())
    assert caught.value.path == path


def test_a_reply_is_an_object_with_the_score() -> None:
    component = ComponentResult(type="accuracy", score=1.0, weight=0.5)
    result = ItemResult(id="sample", index=0, reward=0.5, components=(component,))
    assert to_reply(result) == {"score": 0.5, "correct": 1.0}


def test_what_cannot_be_judged_is_no_reply() -> None:
    error = ErrorInfo(code="sandbox_lost", message="because", retryable=True)
    result = ItemResult(id="sample", index=0, reward=None, error=error)
    with pytest.raises(AssayError) as caught:
        to_reply(result)
    assert (caught.value.code, caught.value.row.status) == ("sandbox_lost", 503)
