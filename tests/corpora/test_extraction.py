"""Real programs come back whole from the fences that models put around them."""

import pytest

from assay_workers.extraction.program import extract_program
from tests.fixtures.corpora import load_corpus

CORPORA = ("contests_a", "humaneval", "humanevalpack_rust", "humanevalpack_js", "mbpp_function", "quixbugs")


@pytest.mark.parametrize("name", CORPORA)
@pytest.mark.parametrize(("margin", "mark"), [("", "```"), ("", "~~~"), ("   ", "````")])
def test_a_fenced_program_comes_back_whole(name: str, margin: str, mark: str) -> None:
    for row in load_corpus(name):
        lines = [line.expandtabs(4) for line in row["code"].replace("\r\n", "\n").rstrip().split("\n")]
        fenced = "\n".join(f"{margin}{line}" for line in [f"{mark}{row['language']}", *lines, mark])
        completion = f"<think>\nWhat about ```{row['language']}\n?\n```\n</think>\nHere:\n\n{fenced}\n\nIt works."
        assert extract_program(completion, row["language"]) == "\n".join(lines) + "\n", row["id"]
