"""Files in the place of standard input and output are told apart from those of the cases."""

from typing import Any

import pytest
from pydantic import ValidationError

from assay.contract import StdioSuite


def _suite(**more: Any) -> StdioSuite:
    return StdioSuite.model_validate(
        {"kind": "stdio", "cases": [{"expected": "1", "files": {"a.txt": ""}}], **more}
    )


def test_one_of_them_may_be_a_stream() -> None:
    assert _suite(input_file="input.txt").output_file is None
    assert _suite(output_file="output.txt").input_file is None


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"input_file": "x", "output_file": "x"}, "are both 'x'"),
        ({"input_file": "a.txt"}, r"cases\[0\].files has 'a.txt'"),
        ({"output_file": "a.txt"}, r"cases\[0\].files has 'a.txt'"),
        ({"output_file": "../a.txt"}, "output_file"),
        ({"input_file": ""}, "input_file"),
    ],
)
def test_names_that_mean_two_files_are_refused(files: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        _suite(**files)
