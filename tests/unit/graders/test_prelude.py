"""What goes before a program, and what of the program must stay first."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_workers.graders.prelude import with_prelude

PRELUDE = "from typing import *\n"


@given(st.text())
def test_without_a_prelude_the_program_is_left_as_it_is(program: str) -> None:
    assert with_prelude("", program) == program


def test_the_prelude_goes_first() -> None:
    assert with_prelude(PRELUDE, "x: List[int] = []\n") == "from typing import *\nx: List[int] = []\n"


def test_the_head_of_a_function_is_followed_by_its_body() -> None:
    program = with_prelude('def f(x):\n    """Doc."""\n', "    return x\n")
    assert len(ast.parse(program).body) == 1


@pytest.mark.parametrize(
    "program",
    [
        "from __future__ import annotations\nx = 1",
        '"""Doc."""\nfrom __future__ import annotations, division\nx = 1',
        "# comment\nfrom  __future__\timport annotations \nfrom __future__ import division\nx = 1",
    ],
)
def test_imports_from_the_future_stay_where_python_wants_them(program: str) -> None:
    compile(with_prelude(PRELUDE, program), "program", "exec")


def test_a_program_that_speaks_of_the_future_in_its_middle_is_not_mistaken() -> None:
    program = "def f():\n    'from __future__ import annotations'\n"
    assert with_prelude(PRELUDE, program) == PRELUDE + program
