import base64
import pickle
import struct
import tracemalloc
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.formats.encoded import Undecodable, decode_pickle, decode_text, inflate, parse_json
from tests.fixtures.dataset_rows import pack

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


class Exploit:
    def __reduce__(self) -> Any:
        return (print, ("imported and called",))


class Stateful:
    def __init__(self) -> None:
        self.state = 1


def web() -> list[Any]:
    """A little pickle of what would be 2**40 texts."""
    level: list[Any] = ["x"]
    for _ in range(40):
        level = [level, level]
    return level


def sized(opcode: bytes, size: int, layout: str) -> bytes:
    """A pickle that announces a text of a size and has none."""
    return b"\x80\x04" + opcode + struct.pack(layout, size) + b"abc."


def unshared(value: Any) -> Any:
    """The value with containers of its own, for shared ones are refused."""
    if isinstance(value, list):
        return [unshared(each) for each in value]
    if isinstance(value, dict):
        return {key: unshared(each) for key, each in value.items()}
    return value


@given(value=PLAIN, protocol=st.integers(3, 5))
def test_a_pickle_of_plain_values_is_read_as_pickle_reads_it(value: Any, protocol: int) -> None:
    plain = unshared(value)
    assert decode_pickle(pickle.dumps(plain, protocol)) == plain


@given(data=st.binary(max_size=60))
def test_any_bytes_are_a_plain_value_or_undecodable(data: bytes) -> None:
    try:
        decode_pickle(data)
    except Undecodable as error:
        assert str(error)  # noqa: PT017 - either outcome will do


@given(text=st.text(max_size=60))
def test_any_text_is_a_value_or_undecodable(text: str) -> None:
    try:
        decode_text(text)
    except Undecodable as error:
        assert str(error)  # noqa: PT017 - either outcome will do


@pytest.mark.parametrize("value", [Exploit(), Stateful(), print, {1}, complex(1, 2), range(3), frozenset()])
@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_of_anything_else_is_refused_and_nothing_runs(
    value: object, protocol: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Undecodable):
        decode_pickle(pickle.dumps(value, protocol))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "bomb",
    [
        pickle.dumps(web()),
        sized(b"X", 2**31 - 1, "<I"),
        sized(b"\x8d", 2**62, "<Q"),
        sized(b"r", 2**32 - 1, "<I"),
        b"\x80\x04" + b"N" * 2_000_000 + b".",
        b"\x80\x04" + b"(" * 2_000_000 + b".",
        b"\x80\x04X\xff\x00\x00\x00" + b"x" * 255 + b"\x940" + b"h\x00" * 1_000_000 + b".",
        b"cos\nsystem\n(S'true'\ntR.",
    ],
    ids=["web", "long text", "longer text", "memo", "many", "marks", "repeats", "protocol 0"],
)
def test_a_bomb_is_refused_in_bounded_memory(bomb: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Undecodable):
            decode_pickle(bomb, max_bytes=2**20)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 64 * 2**20


def test_compressed_zeros_are_refused_before_they_take_memory() -> None:
    bomb = zlib.compress(bytes(2**27))
    tracemalloc.start()
    try:
        with pytest.raises(Undecodable, match="more than 1048576 bytes when decompressed"):
            inflate(bomb, max_bytes=2**20)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * 2**20


@given(data=st.binary())
def test_what_zlib_compressed_comes_back(data: bytes) -> None:
    assert inflate(zlib.compress(data)) == data


def test_a_stream_that_is_cut_off_is_refused() -> None:
    with pytest.raises(Undecodable, match="cut off"):
        inflate(zlib.compress(bytes(range(250)))[:-6])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('[{"input": "1"}]', [{"input": "1"}]),
        ("{'input': '1', 'ok': True, 'none': None}", {"input": "1", "ok": True, "none": None}),
        (pack('[{"input": "1"}]'), [{"input": "1"}]),
        (pack([{"input": "1"}]), [{"input": "1"}]),
    ],
    ids=["JSON", "literal", "packed JSON", "packed list"],
)
def test_the_encodings_of_datasets_are_told_apart(text: str, value: object) -> None:
    assert decode_text(text) == value


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("neither", "neither JSON"),
        (base64.b64encode(b"no zlib").decode(), "not of zlib"),
        (base64.b64encode(zlib.compress(b"no pickle")).decode(), "pickle"),
        ("[1, NaN]", "NaN"),
        ("[" * 100_000, "not JSON"),
        ("{'a': __import__('os')}", "no Python literal"),
    ],
)
def test_what_is_none_of_them_is_told_why(text: str, complaint: str) -> None:
    with pytest.raises(Undecodable, match=complaint):
        decode_text(text)


def test_a_text_beyond_the_bound_is_not_looked_at() -> None:
    with pytest.raises(Undecodable, match="longer than 10 bytes"):
        decode_text("[1, 2, 3, 4]", max_bytes=10)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "[-Infinity]"])
def test_numbers_that_json_has_not_are_refused(text: str) -> None:
    with pytest.raises(Undecodable):
        parse_json(text)
