"""Rows of a dataset that hold completions, as items: a file of samples can be graded as it is. Pure.

A row without `rewards` is taken for such a one: its tests, or its answer, are read as `assay convert` reads them,
and its completions stand in a column of their own. Those of one row are a rollout group.
"""

from collections.abc import Mapping
from typing import Any, Final

from assay.errors import FormatError
from assay.formats import AUTO, convert_row

__all__ = ["COMPLETION_COLUMNS", "completions_of", "items_of_row"]

COMPLETION_COLUMNS: Final = (
    *("completions", "completion", "responses", "response", "generations", "generation", "samples"),
    *("output", "model_output", "solution_str"),
)
"""Columns that may hold what the model wrote, a text or a list of texts; the first that is there counts."""


def completions_of(row: Mapping[str, Any], column: str | None = None) -> tuple[str, list[str]] | None:
    """The column of the completions and what is in it; None if there is none.

    Arguments:
        row: the row.
        column: the column's name; by default the first of `COMPLETION_COLUMNS`.
    """
    for name in (column,) if column else COMPLETION_COLUMNS:
        value = row.get(name) if name else None
        if isinstance(value, str):
            return str(name), [value]
        if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
            return str(name), value
    return None


def items_of_row(
    row: Mapping[str, Any], line: int, *, source: str = AUTO, column: str | None = None
) -> list[dict[str, Any]]:
    """The items of a row, one for each completion.

    Arguments:
        row: the row with its completions.
        line: the number of its line, for names.
        source: the dataset's format.
        column: where the completions are; by default the first of `COMPLETION_COLUMNS`.

    Raises:
        FormatError: it holds no completions, or is in no known format.
    """
    found = completions_of(row, column)
    if found is None:
        names = column or ", ".join(COMPLETION_COLUMNS)
        raise FormatError(
            f"it has neither 'rewards' nor completions in: {names}", hint="name the column by --column"
        )
    name, completions = found
    converted = convert_row({key: value for key, value in row.items() if key != name}, source)
    rewards = [reward.model_dump(mode="json", exclude_unset=True) for reward in converted.rewards]
    group = f"line-{line}" if converted.id is None else f"{converted.id}@{line}"
    return [
        {"id": f"{group}-{number}", "group": group[:512], "completion": completion, "rewards": rewards}
        for number, completion in enumerate(completions)
    ]
