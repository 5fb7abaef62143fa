"""What splits is one call and what is said of its value; everything else is left to the examiner."""

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_workers.graders.splitting import Relation, SplitAssertion, split_assertion

_SPLIT = {
    "assert f(1, [2]) == 3": SplitAssertion("f", (1, [2]), {}, Relation.EQUAL, 3),
    "assert 3 == f(1)": SplitAssertion("f", (1,), {}, Relation.EQUAL, 3),
    "assert f(x=1) == {'a': (1,)}": SplitAssertion("f", (), {"x": 1}, Relation.EQUAL, {"a": (1,)}),
    "assert f() == -1, 'message'": SplitAssertion("f", (), {}, Relation.EQUAL, -1),
    "assert (f()) == (1)": SplitAssertion("f", (), {}, Relation.EQUAL, 1),
    "assert f() == 1 + 2j": SplitAssertion("f", (), {}, Relation.EQUAL, 1 + 2j),
    "assert f() == {1, 2}": SplitAssertion("f", (), {}, Relation.EQUAL, {1, 2}),
    "assert f() is None": SplitAssertion("f", (), {}, Relation.IDENTICAL, None),
    "assert f() is True": SplitAssertion("f", (), {}, Relation.IDENTICAL, True),
    "assert f(1)": SplitAssertion("f", (1,), {}, Relation.TRUE),
    "assert not f(1)": SplitAssertion("f", (1,), {}, Relation.FALSE),
    "  assert f(1)\n": SplitAssertion("f", (1,), {}, Relation.TRUE),
    "assert Solution().f(1) == 2": SplitAssertion("Solution.f", (1,), {}, Relation.EQUAL, 2),
}
_WHOLE = (
    "assert f(g(1)) == 2",
    "assert f(x) == 2",
    "assert f(1) == g(1)",
    "assert len(f(1)) == 2",
    "assert sorted(f(1)) == [2]",
    "assert f(1) != 2",
    "assert f(1) < 2",
    "assert f(1) == 2 == 2",
    "assert f(1) == 2 and f(2) == 3",
    "assert f(1)[0] == 2",
    "assert abs(f(1) - 2) < 1e-6",
    "assert f(*[1]) == 2",
    "assert f(**{'a': 1}) == 2",
    "assert f(1) is 2",
    "assert 1 in f(1)",
    "assert (f(1) == 2, 'always true')",
    "assert f(1).real == 2",
    "assert m.f(1) == 2",
    "assert Solution(1).f(1) == 2",
    "assert f(lambda: 1) == 2",
    "assert f(f'{1}') == 2",
    "assert f({[]: 1}) == 2",
    "x = f(1)\nassert x == 2",
    "assert f(1) == 2; assert f(2) == 3",
    "f(1) == 2",
    "assert True",
    "assert",
    "def",
    "",
    "\0",
    "assert f(" + "(" * 500,
)
_LITERALS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(("text", "split"), _SPLIT.items(), ids=_SPLIT.keys())
def test_an_assertion_about_one_call_splits(text: str, split: SplitAssertion) -> None:
    assert split_assertion(text) == split


@pytest.mark.parametrize("text", _WHOLE, ids=[text[:40].replace("\0", "0") for text in _WHOLE])
def test_anything_else_stays_whole(text: str) -> None:
    assert split_assertion(text) is None


def test_a_call_of_what_the_tests_define_is_not_the_candidates() -> None:
    assert split_assertion("assert helper(1) == 2", frozenset({"helper"})) is None
    assert split_assertion("assert Helper().f(1) == 2", frozenset({"Helper"})) is None
    assert split_assertion("assert f(1) == 2", frozenset({"helper"})) is not None


@given(st.lists(_LITERALS, max_size=3), st.dictionaries(st.sampled_from(["a", "b"]), _LITERALS), _LITERALS)
def test_literals_come_through_as_they_were(args: list[Any], kwargs: dict[str, Any], expected: Any) -> None:
    given_args = ", ".join([*map(repr, args), *(f"{name}={value!r}" for name, value in kwargs.items())])
    split = split_assertion(f"assert f({given_args}) == {expected!r}")
    assert split == SplitAssertion("f", tuple(args), kwargs, Relation.EQUAL, expected)


@given(st.text(st.sampled_from("assert f()[]=!<>,:x1 '\"\n\\{}.*"), max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    split = split_assertion(f"assert {text}")
    assert split is None or isinstance(ast.parse(f"assert {text}".strip()).body[0], ast.Assert)
