"""Weak assertions of scripts and assert lists are found; ordinary ones are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from assay.contract import AssertSuite, ScriptSuite
from assay_workers.graders.weak.suite import WeakTests, find_weak_tests

_PROMPT = "def helper(x):\n    return sorted(x)\n\ndef solve(xs):\n    '''Solves.'''\n"


def script(source: str, prompt: str = _PROMPT) -> WeakTests:
    suite = TypeAdapter(ScriptSuite).validate_python(
        {"kind": "script", "source": source, "entry_point": "solve", "prompt": prompt}
    )
    return find_weak_tests(suite, python=True)


def check(*lines: str) -> WeakTests:
    """What is found in a `check` with these lines, the first of which is line 2."""
    return script("def check(candidate):\n" + "".join(f"    {line}\n" for line in lines))


def asserts(*texts: str, setup: str = "", prompt: str = "") -> WeakTests:
    suite = TypeAdapter(AssertSuite).validate_python(
        {"kind": "assert", "asserts": texts, "setup": setup, "prompt": prompt}
    )
    return find_weak_tests(suite, python=True)


def found(weak: WeakTests) -> list[tuple[str, int | None]]:
    return [(warning.code, warning.line) for warning in weak.warnings]


GOOD = "assert candidate([2, 1]) == [1, 2]"


@pytest.mark.parametrize(
    "condition",
    [
        "(candidate([1]) == [1], 'message')",
        "candidate([1]) == [1] or True",
        "candidate([1]) == 1 or 2",
        "(x == 1 for x in candidate([1]))",
        "not (False and candidate([1]))",
        "len(candidate([1])) >= 0",
        "isinstance(candidate([1]), object)",
        "[candidate([1]) == [1]]",
        "lambda: candidate([1]) == [1]",
    ],
)
def test_what_is_true_whatever_the_program_returns_is_vacuous(condition: str) -> None:
    weak = check(GOOD, f"assert {condition}")
    assert found(weak) == [("vacuous", 3)]
    assert weak.idle == set(), "the other assertion says something"
    assert check(f"assert {condition}").idle == {0}


def test_a_name_compared_with_itself_is_vacuous() -> None:
    assert found(check("expected = candidate([1])", "assert expected == expected")) == [("vacuous", 3)]
    assert found(check("r = candidate([1])", "assert r[0] <= r[0]", GOOD)) == [("vacuous", 3)]


def test_an_instance_may_be_compared_with_itself_by_its_own_code() -> None:
    assert found(check("p = Point(1, 2)", "assert p == p")) == []
    assert found(check("assert Point(1, 2) == Point(1, 2)")) == []


def test_a_placeholder_beside_good_assertions_is_no_news() -> None:
    assert found(check("assert True, 'This prints if this assert fails'", GOOD)) == []
    assert found(check("cases = [1, 2]", "assert len(cases) == 2", "for c in cases:", "    assert solve(c)")) == []


@pytest.mark.parametrize("condition", ["True", "1 + 1 == 2", "1 == 1", "sorted([2, 1]) == [1, 2]"])
def test_a_test_whose_assertions_the_program_does_not_reach_is_vacuous(condition: str) -> None:
    weak = check("candidate([1])", f"assert {condition}")
    assert found(weak) == [("vacuous", 3)]
    assert weak.idle == {0}


@pytest.mark.parametrize(
    "lines",
    [
        ["xs = [2, 1]", "candidate(xs)", "assert xs == [1, 2]"],
        ["xs = [2, 1]", "ys = xs", "candidate(ys)", "assert xs == [1, 2]"],
        ["ok = False", "try:", "    candidate(None)", "except TypeError:", "    ok = True", "assert ok"],
        ["calls = []", "def seen(x):", "    calls.append(x)", "candidate(seen)", "assert calls == [1]"],
        ["try:", "    candidate(None)", "except ValueError:", "    pass", "else:", "    assert False"],
        ["n = 0", "for x in candidate([1]):", "    n += 1", "assert n == 1"],
        ["import os", "candidate('out')", "assert os.path.exists('out')"],
        ["candidate(1)", "assert open('out').read() == 'x'"],
        ["candidate([1])", "assert state['done']"],
        ["if candidate([1]) != [1]:", "    raise ValueError('wrong')"],
        ["import numpy as np", "np.testing.assert_allclose(candidate([1.0]), [1.0])"],
        ["import sys", "if candidate([1]) != [1]:", "    sys.exit(1)"],
        ["p = make()", "assert p.size == p.size", "assert p.size"],
        ["try:", "    raise KeyError", "except Exception:", "    pass", "assert candidate(1)"],
        ["def assertEqual(a, b):", "    assert a == b", "assertEqual(candidate(1), 1)"],
        ["from mylib import verify_all", "verify_all(candidate)"],
        ["from mylib import holds", "holds(candidate([1]))"],
    ],
)
def test_what_the_program_may_have_a_say_in_is_no_alarm(lines: list[str]) -> None:
    assert found(check(*lines)) == []


@pytest.mark.parametrize(
    "line",
    [
        "assert candidate([2, 1]) == solve([2, 1])",
        "assert tuple(candidate([2, 1])) == list(solve([2, 1]))",
        "assert solve([1]) == solve([1])",
        "assert abs(candidate(1.5) - solve(1.5)) < 1e-6",
        "assert candidate([2, 1]) == reference([2, 1])",
        "assert candidate(*[1]) == solve(*[1])",
    ],
)
def test_the_program_compared_with_itself_is_found_under_any_of_its_names(line: str) -> None:
    weak = check(line)
    assert found(weak) == [("self_comparing", 2)]
    assert weak.idle == {0}
    assert check(line, GOOD).idle == set()


def test_it_is_found_where_the_values_have_names() -> None:
    weak = check("expected = solve([1])", "actual = candidate([1])", "assert actual == expected")
    assert found(weak) == [("self_comparing", 4)]
    looped = check("for xs in [[1], [2]]:", "    assert candidate(xs) == solve(xs)")
    assert found(looped) == [("self_comparing", 3)]


@pytest.mark.parametrize(
    "line",
    [
        "assert candidate(helper([2, 1])) == [1, 2]",
        "assert candidate([2, 1]) == helper([2, 1])",
        "assert decode(encode('x')) == 'x'",
        "assert candidate([1, 2]) == candidate([2, 1])",
        "assert sorted(candidate([2, 1])) == candidate([2, 1])",
        "assert candidate('aba')[::-1] == candidate('aba')",
        "assert candidate() is candidate()",
        "assert candidate([1]) != candidate([2])",
        "assert set(candidate([1])) == {1}",
        "assert gcd(4, 6) * lcm(4, 6) == 24",
        "assert next(candidate(3)) == 0",
    ],
)
def test_helpers_of_the_prompt_round_trips_and_properties_are_no_self_comparison(line: str) -> None:
    assert found(check(line)) == []


def test_a_reference_that_the_tests_define_is_trusted() -> None:
    source = "def ref(x):\n    return sorted(x)\n\ndef check(candidate):\n    assert candidate([2]) == ref([2])\n"
    assert found(script(source)) == []
    shadow = (
        "def solve(x):\n    return sorted(x)\n\ndef check(candidate):\n    assert candidate([2]) == solve([2])\n"
    )
    assert found(script(shadow)) == []


@pytest.mark.parametrize(
    "handler",
    [
        "except Exception:\n        pass",
        "except:\n        pass",
        "except AssertionError as error:\n        print('failed', error)",
        "except (ValueError, BaseException):\n        ...",
    ],
)
def test_an_assertion_whose_error_is_caught_and_forgotten_is_swallowed(handler: str) -> None:
    weak = script(f"def check(candidate):\n    try:\n        {GOOD}\n    {handler}\n")
    assert found(weak) == [("swallows_failure", 4)]
    assert weak.idle == {0}


@pytest.mark.parametrize(
    "lines",
    [
        ["try:", f"    {GOOD}", "except Exception:", "    raise"],
        ["try:", f"    {GOOD}", "except ValueError:", "    pass"],
        ["try:", f"    {GOOD}", "except AssertionError:", "    assert candidate([2, 1]) == [2, 1]"],
        ["try:", f"    {GOOD}", "except AssertionError:", "    exit(1)"],
        ["bad = []", "try:", f"    {GOOD}", "except AssertionError as e:", "    bad.append(e)", "assert not bad"],
        ["ok = 0", "try:", f"    {GOOD}", "    ok = 1", "except AssertionError:", "    pass", "assert ok"],
        ["try:", f"    {GOOD}", "except ValueError:", "    pass", "except AssertionError:", "    raise"],
        ["try:", f"    {GOOD}", "finally:", "    print('done')"],
        ["try:", "    candidate(None)", "    assert False", "except TypeError:", "    pass"],
        ["try:", "    r = candidate([1])", "except Exception:", "    r = None", "assert r == [1]"],
        ["try:", "    stack.pop()", "except Exception:", "    pass", "assert candidate(stack) == 0"],
        [
            "while solve(1):",
            "    try:",
            "        assert solve(2)",
            "    except AssertionError:",
            "        pass",
            "else:",
            "    raise ValueError",
        ],
    ],
)
def test_a_handler_that_tells_of_the_failure_is_no_alarm(lines: list[str]) -> None:
    assert found(check(*lines)) == []


def test_suppressing_every_error_swallows_too() -> None:
    weak = check("import contextlib", "with contextlib.suppress(Exception):", f"    {GOOD}")
    assert found(weak) == [("swallows_failure", 3)]
    assert found(check("with contextlib.suppress(KeyError):", f"    {GOOD}")) == []


def test_an_expected_error_that_nothing_misses_is_swallowed() -> None:
    weak = check("try:", "    candidate(None)", "    assert False, 'no error'", "except Exception:", "    pass")
    assert found(weak) == [("swallows_failure", 5)]


def test_a_script_that_asserts_nothing_is_found() -> None:
    weak = check("print(candidate([1]))")
    assert found(weak) == [("no_assertion", None)]
    assert weak.idle == {0}


def test_assertions_in_functions_that_nothing_calls_do_not_count() -> None:
    (warning,) = script("def test_it():\n    assert solve([1]) == [1]\n").warnings
    assert (warning.code, warning.line) == ("no_assertion", None)
    assert "nothing calls" in warning.message
    assert found(script("def test_it():\n    assert solve([1]) == [1]\n\ntest_it()\n")) == []


def test_cases_of_unittest_in_a_script_are_called() -> None:
    source = (
        "import unittest\n\nclass TestIt(unittest.TestCase):\n"
        "    def test_a(self):\n        self.assertEqual(solve([1]), {})\n"
    )
    assert found(script(source.format("[1]"))) == []
    assert found(script(source.format("solve([1])"))) == [("self_comparing", 5)]


def test_a_function_of_the_tests_own_that_asserts_is_followed() -> None:
    evalplus = (
        "import numpy as np\n\ndef assertion(out, exp, atol):\n    if atol:\n"
        "        assert np.allclose(out, exp, atol=atol)\n    else:\n        assert out == exp\n\n"
        "def check(candidate):\n    inputs = [[1]]\n    results = [[1]]\n"
        "    for i, (inp, exp) in enumerate(zip(inputs, results)):\n        assertion(candidate(*inp), exp, 0)\n"
    )
    assert found(script(evalplus)) == []


@pytest.mark.parametrize(
    ("imports", "draw"),
    [
        ("import random", "random.randint(0, 9)"),
        ("import random as r", "r.choice([1, 2])"),
        ("from random import choice", "choice([1, 2])"),
        ("import numpy as np", "np.random.rand(3)"),
        ("from numpy import random", "random.rand(3)"),
        ("import numpy as np", "np.random.default_rng().random()"),
        ("import random", "random.Random().random()"),
        ("import secrets", "secrets.token_hex()"),
    ],
)
def test_a_draw_without_a_seed_is_found(imports: str, draw: str) -> None:
    weak = script(f"{imports}\n\ndef check(candidate):\n    assert candidate({draw}) > 0\n")
    assert found(weak) == [("unseeded_random", 4)]
    assert weak.idle == set(), "it is a test all the same"


@pytest.mark.parametrize(
    ("imports", "line"),
    [
        ("import random", "random.seed(1); assert candidate(random.random()) < 1"),
        ("import random", "assert candidate(random.Random(7).random()) < 1"),
        ("import numpy as np", "assert candidate(np.random.default_rng(0).random()) < 1"),
        ("", "assert candidate(random.pick()) < 1"),
    ],
)
def test_a_draw_with_a_seed_is_none(imports: str, line: str) -> None:
    assert found(script(f"{imports}\n\ndef check(candidate):\n    {line}\n")) == []


def test_every_assertion_of_a_list_is_a_test_of_its_own() -> None:
    weak = asserts("assert f(1) == 2", "assert f(2) == f(2)", "assert True", "assert f(3) == g(3)")
    assert [(warning.code, warning.test, warning.line) for warning in weak.warnings] == [
        ("self_comparing", 1, 1),
        ("vacuous", 2, 1),
        ("self_comparing", 3, 1),
    ]
    assert weak.idle == {1, 2, 3}


def test_what_the_setup_and_the_prompt_define_is_trusted() -> None:
    assert found(asserts("assert f(1) == ref(1)", setup="def ref(x):\n    return x + 1")) == []
    assert found(asserts("assert f(1) == ref(1)", prompt="def ref(x):\n    return x + 1")) == []


def test_assertions_that_all_expect_the_same_are_found() -> None:
    assert found(asserts("assert f(1) == True", "assert f(2)")) == [("constant_expected", None)]
    assert found(asserts("assert f(1) == 1", "assert f(2) == True")) == []
    assert found(asserts("assert f(1)", "assert g(1)")) == []
    assert found(asserts("assert f(1)")) == []


def test_warnings_are_limited() -> None:
    weak = asserts(*(["assert f(1) == f(1)"] * 500))
    assert len(weak.warnings) == 100
    assert len(weak.idle) == 500


def test_code_that_is_broken_too_deep_or_too_long_is_not_spoken_of() -> None:
    assert script("def check(candidate:\n") == WeakTests()
    assert check(f"assert {'-' * 50_000}candidate(1)") == WeakTests()
    assert check(*["assert True"] * 50_000) == WeakTests()


@given(st.lists(st.integers() | st.text(max_size=5), max_size=4), st.integers(0, 3))
def test_an_assertion_of_a_value_is_never_an_alarm(args: list[object], expected: int) -> None:
    call = ", ".join(map(repr, args))
    assert found(check(f"assert candidate({call}) == {expected!r}")) == []
    assert found(asserts(f"assert f({call}) == {expected!r}")) == []


@given(st.lists(st.integers() | st.text(max_size=5), min_size=1, max_size=4))
def test_the_program_as_its_own_oracle_is_found_for_all_arguments(args: list[object]) -> None:
    call = ", ".join(map(repr, args))
    assert found(check(f"assert candidate({call}) == solve({call})")) == [("self_comparing", 2)]
