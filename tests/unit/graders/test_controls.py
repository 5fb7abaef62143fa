"""Negative controls: each is test code that a program which passes the original fails, or there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_workers.graders.controls import ControlKind, choose_controls, find_edits

_LANGUAGES = ["c", "cpp", "go", "java", "javascript", "typescript", "rust", "python"]


def _changed(language: str, source: str) -> list[str]:
    return [edit.applied(source) for edit in find_edits(language, source)]


def _in_main(statements: str) -> str:
    return f"int main() {{ {statements} }}"


@pytest.mark.parametrize(
    ("statement", "changed"),
    [
        ("assert(f(1) == 2);", ["assert(!(f(1) == 2));", "assert(f(1) == 9);"]),
        ('assert(f(")") == "a");', ['assert(!(f(")") == "a"));', 'assert(f(")") == "a~7");']),
        ("assert(same(f(1), {1, 2}));", ["assert(!(same(f(1), {1, 2})));"]),
        ("assert(f(1) == 2 || g());", ["assert(!(f(1) == 2 || g()));"]),
        ("assert(abs(f(1) - 2) < 1e-4);", ["assert(!(abs(f(1) - 2) < 1e-4));"]),
        ("for (;;) { g(); } assert(f());", ["for (;;) { g(); } assert(!(f()));"]),
    ],
)
def test_an_assertion_of_cpp_is_negated_and_its_literal_changed(statement: str, changed: list[str]) -> None:
    assert _changed("cpp", _in_main(statement)) == [_in_main(each) for each in changed]


@pytest.mark.parametrize(
    "source",
    [
        _in_main("if (x) assert(f() == 1);"),
        _in_main("if (x) { assert(f() == 1); }"),
        _in_main("for (int i = 0; i < n; i++) assert(f() == 1);"),
        _in_main("return 0; assert(f() == 1);"),
        _in_main("if (x) { return 0; } assert(f() == 1);"),
        _in_main("auto g = [] { assert(f() == 1); };"),
        _in_main("// assert(f() == 1);\n"),
        _in_main('"assert(f() == 1);";'),
        "#define NDEBUG\n#include <cassert>\n" + _in_main("assert(f() == 1);"),
        "#if 0\n" + _in_main("assert(f() == 1);") + "\n#endif",
        "void test() { assert(f() == 1); }",
        _in_main("assert(f() == 1);") + "\n" + _in_main("assert(f() == 1);"),
    ],
)
def test_what_may_not_be_reached_or_may_not_fail_makes_no_control(source: str) -> None:
    assert _changed("cpp", source) == []


_TESTIFY = "func TestF(t *testing.T) {{\n\tassert := assert.New(t)\n\t{}\n}}\n"


def test_testify_is_asked_for_the_contrary_or_another_value() -> None:
    assert _changed("go", _TESTIFY.format("assert.Equal([]int{1}, F(2))")) == [
        _TESTIFY.format("assert.NotEqual([]int{1}, F(2))"),
        _TESTIFY.format("assert.Equal([]int{8}, F(2))"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "func TestF(t *testing.T) {\n\tassert.Equal(other, 1, F())\n}\n",
        "func Testf(t *testing.T) {\n\tassert.Equal(t, 1, F())\n}\n",
        "func TestF(t *testing.T) {\n\tt.Skip()\n\tassert.Equal(t, 1, F())\n}\n",
        "func TestMain(m *testing.M) {}\nfunc TestF(t *testing.T) {\n\tassert.Equal(t, 1, F())\n}\n",
    ],
)
def test_a_test_of_go_that_may_not_run_or_fail_makes_no_control(source: str) -> None:
    assert _changed("go", source) == []


def test_a_test_of_rust_is_asked_for_the_contrary_or_another_value() -> None:
    module = "mod tests {{\n#[test]\nfn f() {{ {} }}\n}}"
    assert _changed("rust", module.format('assert_eq!(f(&1), vec!["a"]);')) == [
        module.format('assert_ne!(f(&1), vec!["a"]);'),
        module.format('assert_eq!(f(&1), vec!["a~7"]);'),
    ]
    assert _changed("rust", module.format('assert!(f(1) < 2.0, "{}", 3);')) == [
        module.format('assert!(!(f(1) < 2.0), "{}", 3);')
    ]
    assert _changed("rust", "#[should_panic]\n" + module.format("assert!(f());")) == []


_THROWS = "console.assert = (c, ...m) => { if (!c) { throw new Error(m); } };\n"
_REQUIRES = "const assert = require('assert');\n"


@pytest.mark.parametrize(
    ("head", "statement", "changed"),
    [
        (_THROWS, "console.assert(f(1) === 2)", ["console.assert(!(f(1) === 2))", "console.assert(f(1) === 9)"]),
        (
            _REQUIRES,
            "assert.strictEqual(f(1), 'a');",
            ["assert.notStrictEqual(f(1), 'a');", "assert.strictEqual(f(1), 'a~7');"],
        ),
        (
            _REQUIRES,
            "assert.deepEqual(f(1), [2]);",
            ["assert.notDeepEqual(f(1), [2]);", "assert.deepEqual(f(1), [9]);"],
        ),
        (_REQUIRES, "if (x)\n  assert(f(1));", []),
        ("", "assert(f(1));", []),
    ],
)
def test_an_assertion_of_javascript_is_changed_where_it_throws(
    head: str, statement: str, changed: list[str]
) -> None:
    assert _changed("javascript", head + statement) == [head + each for each in changed]
    called = "const test = () => {{\n  {}\n}}\n\ntest()\n"
    assert _changed("javascript", head + called.format(statement)) == [
        head + called.format(each) for each in changed
    ]


def test_a_console_that_only_prints_what_failed_makes_no_control() -> None:
    assert _changed("javascript", "console.assert(f(1) === 2)") == []


def test_a_function_of_javascript_that_is_not_called_makes_no_control() -> None:
    assert _changed("javascript", _REQUIRES + "const test = () => {\n  assert(f(1));\n}\n") == []


_LIST = """public class Main {{
    public static void main(String[] args) {{
        List<Boolean> correct = Arrays.asList({});
        if (correct.contains(false)) {{ throw new AssertionError(); }}
    }}
}}"""


@pytest.mark.parametrize(
    ("element", "changed"),
    [
        ("f(1, 2) == 3", ["!(f(1, 2) == 3)", "f(1, 2) == 10"]),
        ('f(1).equals("a")', ['!(f(1).equals("a"))', 'f(1).equals("a~7")']),
        ("f(1).equals(Set.of(2))", ["!(f(1).equals(Set.of(2)))"]),
        ("!f(1).equals(2)", ["!(!f(1).equals(2))"]),
    ],
)
def test_an_element_of_the_list_of_truths_of_java_is_changed(element: str, changed: list[str]) -> None:
    assert _changed("java", _LIST.format(element)) == [_LIST.format(each) for each in changed]
    assert _changed("java", _LIST.format(element).replace("contains(false)", "isEmpty()")) == []


@pytest.mark.parametrize(
    ("condition", "found"), [("a != b", 1), ("!a.equals(b)", 1), ("Math.abs(a - b) > 9", 0), ("a == b", 0)]
)
def test_a_helper_of_java_counts_if_it_throws_where_its_arguments_differ(condition: str, found: int) -> None:
    helper = f"static void eq(int a, int b) {{ if ({condition}) throw new AssertionError(a + b); }}"
    source = f"class Main {{ {helper} public static void main(String[] args) {{ eq(f(1), 2); }} }}"
    assert _changed("java", source) == [source.replace("eq(f(1), 2)", "eq(f(1), 9)")][:found]


def test_the_seed_chooses_one_change_of_each_kind() -> None:
    edits = find_edits("cpp", _in_main("assert(f(1) == 2); " * 8))
    chosen = [choose_controls(edits, bytes([seed])) for seed in range(20)]
    assert {tuple(edit.kind for edit in each) for each in chosen} == {
        (ControlKind.COMPLEMENT, ControlKind.PERTURBATION)
    }
    assert len(set(chosen)) > 5
    assert choose_controls(edits, b"\0") == chosen[0]
    assert choose_controls((), b"\0") == ()


_PIECES = st.sampled_from(
    (
        *("assert(", "assert_eq!(", "assert.Equal(t, ", "f(1)", "==", " 2", ")", ";", "\n", "{", "}", '"', ","),
        *("int main() {", "#[test] fn a() {", "func TestA(t *testing.T) {", "const a = () => {", "a()"),
        *("public static void main(String[] a) {", "List<Boolean> c = Arrays.asList(", "if (", "return"),
        *(_REQUIRES, _THROWS, "/*", "//", "'", "`"),
    )
)


@given(st.sampled_from(_LANGUAGES), st.lists(_PIECES, max_size=25).map("".join) | st.text(max_size=80))
def test_no_test_code_makes_it_raise_and_every_control_differs_from_it(language: str, source: str) -> None:
    assert source not in _changed(language, source)
