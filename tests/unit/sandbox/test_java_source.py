"""Which class of a Java source is the program, and what its file is to be called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_workers.sandbox.java_source import JavaSource, read_java

_MAIN = "public static void main(String[] args) {}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"public class Main {{ {_MAIN} }}", JavaSource("Main.java", "Main")),
        (f"public final class Other {{ {_MAIN} }}", JavaSource("Other.java", "Other")),
        (f"class Helper {{}}\nclass Program {{ {_MAIN} }}", JavaSource("Main.java", "Program")),
        (f"public class Solution {{}}\nclass Program {{ {_MAIN} }}", JavaSource("Solution.java", "Program")),
        (f"class A {{ class B {{}} {_MAIN} }}", JavaSource("Main.java", "A")),
        (f"package a.b;\npublic class C {{ {_MAIN} }}", JavaSource("C.java", "a.b.C")),
        (f"// public class No {{\n/* class No */ class Yes {{ {_MAIN} }}", JavaSource("Main.java", "Yes")),
        (f'class A {{ String s = "}} public class No {{"; {_MAIN} }}', JavaSource("Main.java", "A")),
        (f"public record R(int x) {{ {_MAIN} }}", JavaSource("R.java", "R")),
        ("no java at all", JavaSource("Main.java", "Main")),
    ],
)
def test_the_class_with_main_is_the_program_and_the_public_one_names_the_file(
    source: str, expected: JavaSource
) -> None:
    assert read_java(source, None, "Main.java") == expected


def test_a_name_that_was_given_stays() -> None:
    assert read_java(f"class hello {{ {_MAIN} }}", "hello.java", "Main.java") == JavaSource("hello.java", "hello")


@pytest.mark.parametrize("text", ["\n", "/*x", "class A ", "'", '"', '"""', "package ", "public ", "{", "\\\\"])
def test_a_megabyte_of_anything_is_read_in_one_go(text: str) -> None:
    assert read_java(text * ((1 << 20) // len(text)), None, "Main.java").file == "Main.java"


def test_a_name_that_is_too_long_for_a_file_is_left_to_the_compiler() -> None:
    assert read_java(f"public class {'A' * 300} {{}}", None, "Main.java").file == "Main.java"


@given(st.text(alphabet="{}\"'/*\\\nclass main()static void publ", max_size=200))
def test_whatever_the_source_something_is_tried(source: str) -> None:
    read = read_java(source, None, "Main.java")
    assert read.file.endswith(".java")
    assert read.entry_class
