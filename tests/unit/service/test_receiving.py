"""Bodies are received within bounds."""

import asyncio
from collections.abc import Iterable

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect
from starlette.types import Message

from assay.errors import AssayError
from assay_service.receiving import BODIES_AT_ONCE, BodyReceiver

MAX_BYTES = 10


def request_of(chunks: Iterable[bytes], *, hangs_up: bool = False) -> Request:
    messages: list[Message] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.disconnect" if hangs_up else "http.request", "more_body": False})

    async def receive() -> Message:
        return messages.pop(0)

    return Request({"type": "http", "method": "POST", "headers": []}, receive)


def receive(receiver: BodyReceiver, chunks: Iterable[bytes], *, hangs_up: bool = False) -> bytearray:
    return asyncio.run(receiver.receive(request_of(chunks, hangs_up=hangs_up)))


@given(st.lists(st.binary(max_size=6), max_size=8))
def test_a_body_comes_whole_or_is_too_large(chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    if len(whole) <= MAX_BYTES:
        assert receive(BodyReceiver(MAX_BYTES), chunks) == whole
    else:
        with pytest.raises(AssayError, match="larger than") as caught:
            receive(BodyReceiver(MAX_BYTES), chunks)
        assert caught.value.code == "body_too_large"


def test_a_body_without_end_is_not_read_for_ever() -> None:
    messages = 0

    async def receive_more() -> Message:
        nonlocal messages
        messages += 1
        return {"type": "http.request", "body": b"x", "more_body": True}

    endless = Request({"type": "http", "method": "POST", "headers": []}, receive_more)
    with pytest.raises(AssayError):
        asyncio.run(BodyReceiver(MAX_BYTES).receive(endless))
    assert messages == 2 * MAX_BYTES + 1


def test_more_bodies_than_may_be_held_are_asked_to_come_again_until_one_is_released() -> None:
    receiver = BodyReceiver(MAX_BYTES)
    held = [receive(receiver, [b"x" * MAX_BYTES]) for _ in range(BODIES_AT_ONCE)]
    with pytest.raises(AssayError) as caught:
        receive(receiver, [b"x"])
    assert caught.value.code == "queue_full"
    receiver.release(held.pop())
    assert receive(receiver, [b"x"]) == b"x"


@pytest.mark.parametrize("hangs_up", [True, False])
def test_a_body_that_did_not_come_whole_is_forgotten(hangs_up: bool) -> None:
    receiver = BodyReceiver(MAX_BYTES)
    chunks = [b"x" * MAX_BYTES] if hangs_up else [b"x" * MAX_BYTES, b"x"]
    for _ in range(2 * BODIES_AT_ONCE):
        with pytest.raises(ClientDisconnect if hangs_up else AssayError):
            receive(receiver, chunks, hangs_up=hangs_up)
    assert receive(receiver, [b"x" * MAX_BYTES]) == b"x" * MAX_BYTES
