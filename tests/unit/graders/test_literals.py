"""Other values for literals, and only where they are certain to be other values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_workers.graders.literals import changed_literals


def _changed(language: str, text: str) -> list[str]:
    return [text[:at] + new + text[to:] for (at, to), new in changed_literals(language, text)]


@pytest.mark.parametrize(
    ("language", "text", "changed"),
    [
        ("cpp", "41LL", ["48LL"]),
        ("cpp", "-5", ["2"]),
        ("cpp", "0.5", ["7.5"]),
        ("cpp", "1000000000", ["500000007"]),  # a float has no 1000000007
        ("java", '"a\\"b"', ['"a\\"b~7"']),
        ("javascript", "['a', true]", ["['a~7', true]", "['a', false]"]),
        ("go", "[]int{1, 2}", ["[]int{8, 2}", "[]int{1, 9}"]),
        ("rust", 'vec!["a".to_string()]', ['vec!["a~7".to_string()]']),
    ],
)
def test_each_literal_gets_another_value(language: str, text: str, changed: list[str]) -> None:
    assert _changed(language, text) == changed


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("cpp", "x"),
        ("cpp", "017"),
        ("cpp", "0x1f"),
        ("cpp", "1e3"),
        ("cpp", "1 < 2"),
        ("javascript", "f(1)"),
        ("javascript", "{a: 1}"),
        ("javascript", "5n"),
        ("java", "Set.of(1)"),
        ("cobol", "1"),
    ],
)
def test_whatever_is_more_than_literals_is_left_alone(language: str, text: str) -> None:
    assert _changed(language, text) == []


@given(st.integers(-(10**25), 10**25))
def test_a_changed_number_differs_even_as_a_float_of_32_bits(number: int) -> None:
    ((_, new),) = changed_literals("cpp", str(number))
    assert abs(int(new) - number) >= 7
    assert abs(int(new) - number) > abs(number) / 2**23


@given(st.sampled_from(["c", "cpp", "go", "java", "javascript", "typescript", "rust", "x"]), st.text(max_size=40))
def test_no_text_makes_it_raise(language: str, text: str) -> None:
    assert all(0 <= at < to <= len(text) for (at, to), _ in changed_literals(language, text))
