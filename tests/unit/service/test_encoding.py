"""Encoded bodies come out as they were, and none comes out larger than it may."""

import gzip

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import RequestError
from assay_service.encoding import ENCODINGS, check_encoding, decode_body

MIB = 1 << 20


def encode(data: bytes, encoding: str) -> bytes:
    return gzip.compress(data) if encoding == "gzip" else zstandard.compress(data)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(data=st.binary(max_size=5000))
def test_a_body_comes_out_as_it_was(encoding: str, data: bytes) -> None:
    assert decode_body(encode(data, encoding), encoding, MIB) == data
    assert decode_body(encode(data, encoding) + encode(b"more", encoding), encoding, MIB) == data + b"more"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_bound_holds_for_what_comes_out(encoding: str) -> None:
    bomb = encode(bytes(64 * MIB), encoding)
    assert len(bomb) < MIB
    with pytest.raises(RequestError) as caught:
        decode_body(bomb, encoding, MIB)
    assert caught.value.code == "body_too_large"
    assert decode_body(encode(bytes(MIB), encoding), encoding, MIB) == bytes(MIB)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("body", [b"{}", b"", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd\x04"])
def test_what_is_not_in_its_encoding_is_refused_or_empty(encoding: str, body: bytes) -> None:
    try:
        decoded = decode_body(body, encoding, MIB)
    except RequestError as error:
        outcome = error.code
    else:
        outcome = decoded.decode()
    assert outcome in {"invalid_encoding", ""}


def test_a_body_that_ends_too_early_is_refused() -> None:
    with pytest.raises(RequestError, match="ends too early"):
        decode_body(encode(b"x" * 1000, "gzip")[:-9], "gzip", MIB)


def test_encodings_by_name() -> None:
    assert [check_encoding(name) for name in (None, "", "identity", "GZIP", " zstd ")] == [
        None,
        None,
        None,
        "gzip",
        "zstd",
    ]
    with pytest.raises(RequestError) as caught:
        check_encoding("br")
    assert (caught.value.code, caught.value.hint) == (
        "unsupported_media_type",
        "send it as it is, or as one of: gzip, zstd",
    )
