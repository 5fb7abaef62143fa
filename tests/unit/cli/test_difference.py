"""What a reader is shown of an output that is wrong."""

from hypothesis import given
from hypothesis import strategies as st

from assay.cli.difference import MOST_LINES, differing_lines


def test_lines_that_differ_are_shown_with_their_neighbours() -> None:
    expected, printed = "a\nb\nc\nd\ne\nf\n", "a\nb\nc\nX\ne\nf\n"
    assert list(differing_lines(expected, printed)) == [" b", " c", "-d", "+X", " e", " f"]


def test_white_space_is_made_visible_where_nothing_else_differs() -> None:
    assert list(differing_lines("1 2\n", "1  2\n")) == ["-'1 2'", "+'1  2'", " ''"]


def test_long_differences_and_long_lines_are_cut() -> None:
    lines = list(differing_lines("", "\n".join(str(n) for n in range(100))))
    assert (len(lines), lines[-1]) == (MOST_LINES + 1, "…")
    (_, long) = differing_lines("a", "x" * 1000)
    assert (len(long), long[-1]) == (200, "…")


def test_what_a_terminal_would_act_on_is_written_as_escapes() -> None:
    assert list(differing_lines("a", "\x1b[31m\r")) == ["-a", "+\\x1b[31m\\r"]


@given(text=st.text(max_size=200))
def test_equal_outputs_have_no_difference_and_none_has_control_characters(text: str) -> None:
    assert list(differing_lines(text, text)) == []
    assert all(line.isprintable() for line in differing_lines(text, text + "x"))
