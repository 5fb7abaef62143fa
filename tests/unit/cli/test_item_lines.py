import json

from hypothesis import given
from hypothesis import strategies as st

from assay.cli.item_lines import BadLine, ItemLine, parse_item_lines


def test_each_line_is_an_item_and_an_item_without_id_is_named_after_its_line() -> None:
    items, bad = parse_item_lines([b'{"id": "a"}\n', b"\n", b'{"code": "1"}'])
    assert items == [ItemLine(1, {"id": "a"}), ItemLine(3, {"id": "line-3", "code": "1"})]
    assert bad == []


def test_a_bad_line_is_reported_by_its_number_and_the_others_are_kept() -> None:
    items, bad = parse_item_lines([b"{", b'{"id": "a"}', b"[1]", b"\xff\xfe"])
    assert items == [ItemLine(2, {"id": "a"})]
    assert [line.line for line in bad] == [1, 3, 4]
    assert bad[1] == BadLine(3, "an item is a JSON object, not a list")


def test_a_line_nested_too_deeply_is_a_bad_line() -> None:
    items, bad = parse_item_lines([b"[" * 200_000])
    assert items == []
    assert [line.line for line in bad] == [1]


@given(lines=st.lists(st.binary(max_size=40)))
def test_every_line_that_is_not_empty_is_an_item_or_a_bad_line(lines: list[bytes]) -> None:
    items, bad = parse_item_lines(lines)
    numbers = sorted([entry.line for entry in items] + [entry.line for entry in bad])
    assert numbers == [number for number, line in enumerate(lines, start=1) if line.strip()]


@given(item=st.dictionaries(st.text(), st.integers() | st.text() | st.none()))
def test_an_item_is_kept_as_it_is_written(item: dict[str, object]) -> None:
    items, _ = parse_item_lines([json.dumps({"id": "x", **item}).encode()])
    assert items[0].item == {"id": "x", **item}
