import json
import time
from math import inf
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.client.conversation import (
    Answer,
    Batches,
    Conversation,
    Pause,
    Reply,
    Send,
    Terms,
    batch_bodies,
    cancel,
    grade,
    submit,
    wait,
)
from assay.client.retry import RetryPolicy
from assay.contract import Item
from assay.errors import AssayError, QueueError, RequestError, ServiceError

FORMAT = {"type": "format"}


def terms(timeout_s: float = inf, attempts: int = 3) -> Terms:
    return Terms("http://assay", RetryPolicy(attempts=attempts), time.monotonic() + timeout_s)


def body_of(*given: Any, **more: Any) -> bytes:
    return batch_bodies(*given, **more).only_body


def answer(code: int, /, **body: Any) -> Answer:
    return Answer(code, httpx.Headers(), json.dumps(body).encode())


def batch(status: str) -> Answer:
    return answer(200, id="b1", status=status, total=1, done=int(status != "running"))


def ended(name: str) -> Answer:
    result = {"id": name, "index": 0, "reward": 1.0}
    return answer(200, id=name, status="finished", total=1, done=1, results=[result])


def hold(talk: Conversation[Any], *replies: Reply) -> tuple[Any, list[Send]]:
    """Holds a conversation with prepared answers; gives its outcome, or error, and what was sent."""
    sent: list[Send] = []
    given_replies = list(replies)
    reply: Reply = None
    try:
        while True:
            step = talk.send(reply)
            if isinstance(step, Pause):
                reply = None
            else:
                sent.append(step)
                reply = given_replies.pop(0)
    except StopIteration as end:
        return end.value, sent
    except AssayError as error:
        return error, sent


def test_a_batch_is_posted_once_more_with_the_same_key_after_a_lost_connection() -> None:
    outcome, sent = hold(submit(b"{}", terms()), httpx.ReadError("lost"), answer(202, id="b1"))
    assert outcome == "b1"
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert sent[0].headers["Idempotency-Key"]


def test_two_submissions_have_different_keys() -> None:
    keys = {hold(submit(b"{}", terms()), answer(202, id="b"))[1][0].headers["Idempotency-Key"] for _ in range(2)}
    assert len(keys) == 2


def test_a_full_queue_is_waited_out_and_then_raised() -> None:
    full = answer(429, code="queue_full")
    outcome, sent = hold(submit(b"{}", terms(attempts=3)), full, full, full)
    assert isinstance(outcome, QueueError)
    assert len(sent) == 3


def test_a_refused_request_is_raised_at_once() -> None:
    outcome, sent = hold(submit(b"{}", terms()), answer(422, code="invalid_request", path="items"))
    assert isinstance(outcome, RequestError)
    assert outcome.path == "items"
    assert len(sent) == 1


def test_nothing_is_retried_beyond_the_deadline() -> None:
    outcome, sent = hold(submit(b"{}", terms(timeout_s=0)), httpx.ConnectError("refused"))
    assert isinstance(outcome, ServiceError)
    assert outcome.code == "unreachable"
    assert len(sent) == 1


def test_a_running_batch_is_polled_until_it_has_ended() -> None:
    outcome, sent = hold(wait("b1", terms()), batch("running"), batch("running"), batch("finished"))
    assert outcome.status == "finished"
    assert [step.path for step in sent] == ["/v1/batches/b1?wait_s=30.000"] * 3


def test_waiting_ends_at_the_deadline_and_leaves_the_batch() -> None:
    outcome, sent = hold(wait("b1", terms(timeout_s=0)), batch("running"))
    assert outcome.code == "deadline_exceeded"
    assert [step.method for step in sent] == ["GET"]


def test_a_graded_batch_that_misses_its_deadline_is_cancelled() -> None:
    outcome, sent = hold(
        grade(Batches([b"{}"], [[0]]), terms(timeout_s=0)),
        answer(202, id="b1"),
        batch("running"),
        batch("cancelled"),
    )
    assert outcome.code == "deadline_exceeded"
    assert [step.method for step in sent] == ["POST", "GET", "DELETE"]


def test_parts_are_all_posted_before_one_is_awaited_and_make_one_result() -> None:
    posted = [answer(202, id="b1"), answer(202, id="b2")]
    outcome, sent = hold(grade(Batches([b"1", b"2"], [[0], [1]]), terms()), *posted, ended("b1"), ended("b2"))
    assert [(step.method, step.body) for step in sent] == [
        ("POST", b"1"),
        ("POST", b"2"),
        ("GET", None),
        ("GET", None),
    ]
    assert (outcome.total, [result.index for result in outcome.results]) == (2, [0, 1])


def test_of_parts_that_fail_all_are_cancelled() -> None:
    refused = answer(422, code="invalid_request", detail="no")
    outcome, sent = hold(
        grade(Batches([b"1", b"2"], [[0], [1]]), terms()), answer(202, id="b1"), refused, batch("cancelled")
    )
    assert outcome.code == "invalid_request"
    assert [(step.method, step.path) for step in sent][-1] == ("DELETE", "/v1/batches/b1")


def test_whoever_wants_to_know_is_told_how_far_it_is() -> None:
    told: list[tuple[int, int]] = []
    posted = [answer(202, id="b1"), answer(202, id="b2")]
    outcome, sent = hold(
        grade(Batches([b"1", b"2"], [[0], [1]]), terms(), None, lambda *far: told.append(far)),
        *posted,
        batch("running"),
        ended("b1"),
        ended("b2"),
    )
    assert outcome.total == 2
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert sent[2].path == "/v1/batches/b1?wait_s=1.000"


def test_what_is_too_much_for_one_batch_is_not_submitted_as_one() -> None:
    with pytest.raises(RequestError, match="2 items are too many") as caught:
        _ = Batches([b"1", b"2"], [[0], [1]]).only_body
    assert caught.value.code == "too_many_items"


def test_a_cancelled_batch_comes_back_as_it_ended() -> None:
    outcome, sent = hold(cancel("b1", terms()), batch("cancelled"))
    assert outcome.status == "cancelled"
    assert [(step.method, step.path) for step in sent] == [("DELETE", "/v1/batches/b1")]


@given(completion=st.text(st.characters(), max_size=50))
def test_any_text_a_tokenizer_leaves_can_be_sent(completion: str) -> None:
    item = {"id": "1", "completion": completion, "rewards": [FORMAT]}
    body = body_of([item], "none", None)
    assert json.loads(body) == {"items": [item], "detail": "none"}


def test_an_item_of_the_contract_travels_with_what_was_said_of_it_and_no_more() -> None:
    item = Item.model_validate({"id": "1", "completion": "x", "rewards": [FORMAT]})
    body = json.loads(body_of([item], "verdicts", {"group": "g"}))
    assert body == {
        "items": [{"id": "1", "completion": "x", "rewards": [FORMAT]}],
        "detail": "verdicts",
        "defaults": {"group": "g"},
    }


def test_an_unknown_detail_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(ValueError, match="everything"):
        body_of([], "everything", None)


def test_a_body_says_how_it_is_to_be_served() -> None:
    body = json.loads(body_of([], "none", None, priority="low", deadline_s=5))
    assert (body["priority"], body["deadline_s"]) == ("low", 5)
    with pytest.raises(ValueError, match="urgent"):
        body_of([], "none", None, priority="urgent")
