"""Code without its comments and the insides of its literals, which keeps every offset."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_workers.graders.code_mask import mask_code

_LANGUAGES = ["c", "cpp", "go", "java", "javascript", "typescript", "rust"]
_CODE = st.text(st.sampled_from("ab1 \n\\/*\"'`(){}[],;r#R$=<>.\u00e9"), max_size=60)


@pytest.mark.parametrize(
    ("language", "text", "masked"),
    [
        ("cpp", 'f("(\\")"); // "(', 'f("____");      '),
        ("cpp", "int n = 1'000; char c = '(';", "int n = 1'000; char c = '_';"),
        ("cpp", 'R"x(")")x";', 'R________";'),
        ("go", 's := `("`', "s := `__`"),
        ("java", 'String s = """\n("")""";', 'String s = "_________";'),
        ("javascript", "x = /[/(]'/ + `(`", "x = /_____/ + `_`"),
        ("rust", "f::<'a>('(', r#\"(\"#)", "f::<'a>('_', r____#)"),
    ],
)
def test_what_is_in_literals_and_comments_is_blanked(language: str, text: str, masked: str) -> None:
    code = mask_code(language, text)
    assert code is not None
    assert code.masked == masked


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("cpp", 'f("'),
        ("cpp", "f(]"),
        ("cpp", "{"),
        ("rust", "/* /* */ */"),
        ("javascript", "`${`a`}`"),
        ("cobol", ""),
    ],
)
def test_of_what_cannot_be_read_for_certain_nothing_is_made(language: str, text: str) -> None:
    assert mask_code(language, text) is None


def test_the_parts_of_a_bracket_are_between_its_own_commas() -> None:
    code = mask_code("java", 'f(a(1, 2), "x,y" /* , */ , {3, 4});')
    assert code is not None
    assert [code.text[slice(*part)] for part in code.parts(1)] == ["a(1, 2)", '"x,y"', "{3, 4}"]


@given(st.sampled_from(_LANGUAGES), _CODE)
def test_a_mask_is_as_long_as_its_text_and_its_brackets_pair(language: str, text: str) -> None:
    code = mask_code(language, text)
    if code is not None:
        assert len(code.masked) == len(text)
        assert {code.masked[at] + code.masked[to] for at, to in code.closing.items()} <= {"()", "[]", "{}"}
