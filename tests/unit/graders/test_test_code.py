"""The names that tests take from the candidate are those that nobody else defines."""

import pytest

from assay.errors import ItemError
from assay_workers.graders.test_code import candidate_names, helpers_of, parse_tests

_NAMES = {
    "the entry point": ("assert candidate(1) == 2", "", "f", ["f"]),
    "the entry point once": ("assert f(1) == f(2)", "", "f", ["f"]),
    "a function": ("assert f(1) == 2", "", "", ["f"]),
    "two functions, in order": ("assert g(f(1)) == 2", "", "", ["g", "f"]),
    "no builtins": ("assert sorted(f(1)) == list(range(2))", "", "", ["f"]),
    "nothing that is imported": ("import math, os.path as p\nassert math.isclose(f(1), p)", "", "", ["f"]),
    "nothing that is assigned": ("x = 1\nassert f(x) == (y := 2)", "", "", ["f"]),
    "no argument": ("def check(g, *a, k=1, **kw): assert g(a, k, kw) == f(1)", "", "", ["f"]),
    "no target of a loop": ("for a, b in [(1, 2)]:\n    assert f(a) == [c for c in b]", "", "", ["f"]),
    "no exception's name": ("try: f(1)\nexcept ValueError as e: assert e", "", "", ["f"]),
    "no name of a with statement": ("with open('x') as file: assert f(file)", "", "", ["f"]),
    "no helper of the prompt": (
        "assert abs(poly(1, find_zero(1))) < 1",
        "def poly(a, b): return a\ndef find_zero(x): pass",
        "find_zero",
        ["find_zero"],
    ),
    "no class of the tests": ("class T:\n    def m(self): assert f(self)\nT().m()", "", "", ["f"]),
    "no global of the helpers": ("assert f(N)", "N = 1", "", ["f"]),
    "nothing": ("assert True", "", "", []),
}


@pytest.mark.parametrize(("tests", "helpers", "entry_point", "names"), _NAMES.values(), ids=_NAMES.keys())
def test_the_candidates_names_are_found(tests: str, helpers: str, entry_point: str, names: list[str]) -> None:
    parsed = parse_tests(tests, "the tests"), parse_tests(helpers, "the prompt")
    assert sorted(candidate_names(*parsed, entry_point)) == sorted(names)


def test_tests_that_are_not_python_are_the_callers_error() -> None:
    for source in ("def", "\0", "(" * 1000):
        with pytest.raises(ItemError) as raised:
            parse_tests(source, "the tests")
        assert raised.value.code == "invalid_tests"


def test_a_prompt_that_is_python_is_taken_as_it_is() -> None:
    assert helpers_of("import math\n") == "import math\n"


def test_a_prompt_that_stops_at_a_signature_gets_a_body() -> None:
    assert helpers_of("import math\ndef f(x):\n") == "import math\ndef f(x):\n    pass\n"


def test_a_prompt_that_is_prose_gives_no_helpers() -> None:
    assert helpers_of("Write a function f.") == ""
