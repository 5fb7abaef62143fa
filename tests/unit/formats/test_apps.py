from assay.contract import FunctionSuite, Limits, StdioSuite
from assay.formats import convert_row
from tests.fixtures.dataset_rows import APPS_LINES, APPS_STDIO, TACO


def test_lists_of_lines_are_standard_input_and_output() -> None:
    suite = convert_row(APPS_STDIO).suite
    assert isinstance(suite, StdioSuite)
    assert [(case.stdin, case.expected) for case in suite.cases] == [("1\n", "2\n"), ("4\n", "8")]


def test_a_row_keeps_its_number_and_its_question() -> None:
    converted = convert_row(APPS_STDIO)
    assert (converted.id, converted.prompt, converted.limits) == ("7", "Double the number.", Limits())


def test_arguments_in_lines_are_arguments() -> None:
    suite = convert_row(APPS_LINES).suite
    assert isinstance(suite, FunctionSuite)
    assert [(case.args, case.expected) for case in suite.cases] == [((1, 2), 3), ((-4, 1), -3)]
    assert suite.entry_point == "Solution.add"


def test_limits_of_taco_are_taken_with_their_units() -> None:
    assert convert_row(TACO).limits == Limits(cpu_s=2, memory_mb=256)


def test_taco_without_limits_has_the_defaults() -> None:
    assert convert_row({**TACO, "time_limit": None, "memory_limit": None}).limits == Limits()


def test_a_solution_shows_a_method_where_starter_code_does_not() -> None:
    assert convert_row({**TACO, "starter_code": ""}).entry_point == "Solution.add"
