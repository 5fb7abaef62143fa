from assay.contract import FunctionSuite
from assay.formats import convert_row
from tests.fixtures.dataset_rows import RSTAR


def test_a_method_is_called_in_the_class_that_the_row_names() -> None:
    suite = convert_row({**RSTAR, "class_name": "Adder"}).suite
    assert isinstance(suite, FunctionSuite)
    assert suite.entry_point == "Adder.add"
    assert [(case.args, case.expected) for case in suite.cases] == [((1, 2), 3), ((-4, 1), -3)]


def test_lists_and_json_texts_of_lists_are_the_same() -> None:
    assert convert_row({**RSTAR, "inputs": ["1\n2", "-4\n1"], "outputs": ["3", "-3"]}) == convert_row(RSTAR)


def test_without_a_class_the_starter_code_says_where_the_function_belongs() -> None:
    assert convert_row({**RSTAR, "class_name": ""}).entry_point == "Solution.add"
