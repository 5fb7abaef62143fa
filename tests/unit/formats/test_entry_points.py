import json
import time

import pytest

from assay.errors import FormatError
from assay.formats.entry_points import find_entry_point, first_solution, returns_a_list
from assay.formats.fields import Field

METHOD = "class Solution:\n    def add(self, a: int, b: int) -> int:\n"


@pytest.mark.parametrize(
    ("name", "code", "entry_point"),
    [
        ("add", "def add(a, b):\n", "add"),
        ("add", METHOD, "Solution.add"),
        ("add", METHOD + "def add(a, b): ...\n", "add"),
        ("Solution.add", "", "Solution.add"),
        (" add ", "def add(a, b):\n", "add"),
        ("add", "from typing import List\n\n" + METHOD, "Solution.add"),
    ],
)
def test_starter_code_says_where_the_function_belongs(name: str, code: str, entry_point: str) -> None:
    notes: list[str] = []
    assert find_entry_point(Field(name, "fn_name"), code, notes) == entry_point
    assert notes == []


def test_without_code_it_is_a_function_and_that_is_noted() -> None:
    notes: list[str] = []
    assert find_entry_point(Field("add", "fn_name"), "", notes) == "add"
    assert "called as a function" in notes[0]


@pytest.mark.parametrize("name", ["", "a b", "f()", "1f", "__import__('os')", "f" * 300, 3, None, "f;g", "été"])
def test_what_is_no_name_is_refused(name: object) -> None:
    with pytest.raises(FormatError):
        find_entry_point(Field(name, "fn_name"), "", [])


@pytest.mark.parametrize(
    ("annotation", "is_list"),
    [
        (" -> int", False),
        (" -> List[int]", True),
        (" -> list", True),
        (" -> Optional[List[int]]", True),
        (" -> None", None),
        (" -> Any", None),
        ("", None),
    ],
)
def test_an_annotation_says_whether_a_list_is_returned(annotation: str, is_list: bool | None) -> None:
    assert returns_a_list("Solution.f", f"class Solution:\n    def f(self, a: int){annotation}:\n") is is_list


@pytest.mark.parametrize("solutions", [METHOD, [METHOD, "def f(): ..."], json.dumps([METHOD, "def f(): ..."])])
def test_the_first_solution_shows_what_starter_code_would(solutions: object) -> None:
    assert find_entry_point(Field("add", "x"), first_solution(Field(solutions, "solutions")), []) == "Solution.add"


@pytest.mark.parametrize("solutions", [None, [], [3], {}, 3, ""])
def test_no_solution_shows_nothing(solutions: object) -> None:
    assert first_solution(Field(solutions, "solutions")) == ""


@pytest.mark.parametrize(
    "code",
    [
        "def f(" * 200_000,
        "def f(" + ")" * 1_000_000,
        "class " * 200_000,
        " " * 1_000_000,
        "def f() -> " + "x" * 1_000_000,
    ],
    ids=["calls", "ends", "classes", "spaces", "annotation"],
)
def test_hostile_code_takes_linear_time(code: str) -> None:
    started_s = time.process_time()
    returns_a_list("f", code)
    find_entry_point(Field("f", "fn_name"), code, [])
    assert time.process_time() - started_s < 5
