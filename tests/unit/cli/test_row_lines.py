"""Rows in, items out: every line is answered for, and costs only itself."""

import io
import json
from typing import Any

from assay.cli.row_lines import BadRow, ItemNames, RowLine, convert_lines, read_lines
from assay.contract import Item

ROW = {"question": "Twice?", "answer": "Two times two is 4.\n#### 4"}
STDIO = {"problem_id": 7, "question": "Twice?", "input_output": {"inputs": ["1\n"], "outputs": ["2\n"]}}


def lines(*rows: object) -> io.BytesIO:
    texts = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    return io.BytesIO("\n".join(texts).encode())


def item_of(line: RowLine) -> dict[str, Any]:
    written = json.loads(line.text)
    assert isinstance(written, dict)
    return written


def test_a_line_becomes_what_lacks_only_the_completion_of_an_item() -> None:
    (line,) = convert_lines(lines(STDIO))
    assert isinstance(line, RowLine)
    written = item_of(line)
    assert written.pop("prompt") == "Twice?"
    item = Item.model_validate({**written, "completion": "…"})
    assert item.id == "7"
    assert line.tests == 1


def test_bad_rows_are_told_by_their_numbers_and_the_others_are_converted() -> None:
    results = list(convert_lines(lines(ROW, "", "{", "[]", {"a": 1}, ROW)))
    assert [(type(each), each.row) for each in results] == [
        (RowLine, 1), (BadRow, 3), (BadRow, 4), (BadRow, 5), (RowLine, 6),
    ]  # fmt: skip


def test_bytes_that_are_no_text_are_a_bad_row() -> None:
    (result,) = convert_lines(io.BytesIO(b'{"a": "\xff"}\n'))
    assert isinstance(result, BadRow)
    assert result.error.code == "invalid_row"


def test_a_line_that_is_too_long_is_a_bad_row_and_the_next_is_read() -> None:
    long = {**ROW, "more": "x" * 1000}
    first, second = convert_lines(lines(long, ROW), max_bytes=500)
    assert isinstance(first, BadRow)
    assert "500 bytes" in first.error.message
    assert isinstance(second, RowLine)


def test_lines_are_numbered_as_in_the_file() -> None:
    assert list(read_lines(io.BytesIO(b"a\n\n  \nb"))) == [(1, b"a\n"), (4, b"b")]


def test_no_two_items_share_an_id() -> None:
    names = ItemNames()
    given = [
        names.name(wanted, row) for row, wanted in enumerate(["a", "a", None, "row-3", "x" * 600, "x" * 600], 1)
    ]
    assert given[:3] == ["a", "a#2", "row-3"]
    assert len(set(given)) == len(given)
    assert max(map(len, given)) <= 512


def test_an_id_that_looks_like_the_mended_one_of_another_row_stays_unique() -> None:
    names = ItemNames()
    given = [
        names.name(wanted, row)
        for row, wanted in enumerate(["a#3", "a", "a", "x" * 480 + "#6", "x" * 480, "x" * 490], 1)
    ]
    assert len(set(given)) == 6


def test_the_language_of_the_command_overrules_that_of_the_format() -> None:
    (line,) = convert_lines(lines(STDIO), language="cpp")
    assert isinstance(line, RowLine)
    assert item_of(line)["rewards"][0]["language"] == "cpp"


def test_a_gold_answer_has_no_language() -> None:
    (line,) = convert_lines(lines(ROW), language="cpp")
    assert isinstance(line, RowLine)
    assert item_of(line)["rewards"] == [{"type": "accuracy", "gold": "4"}]


def test_warnings_stand_in_the_line() -> None:
    row = {"input_output": {"inputs": [[1]], "outputs": [[2]], "fn_name": "f"}}
    (line,) = convert_lines(lines(row))
    assert isinstance(line, RowLine)
    assert item_of(line)["warnings"] == list(line.warnings) != []
