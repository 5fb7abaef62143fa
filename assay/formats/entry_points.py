"""Finds out whether a function is called by its name or is a method of `Solution`, as LeetCode has it."""

import re
from typing import Final

from assay.formats.fields import Field

__all__ = ["find_entry_point", "first_solution", "returns_a_list"]

MOST_CHARACTERS: Final = 100_000
"""Of a solution that are looked at."""
_NAME: Final = re.compile(r"[A-Za-z_]\w*(?:(?:\(\))?\.[A-Za-z_]\w*)*", re.ASCII)
_CLASS: Final = re.compile(r"^[ \t]*class[ \t]+Solution\b", re.MULTILINE)


def find_entry_point(name: Field, code: str, notes: list[str]) -> str:
    """`f` or `Solution.f`.

    Args:
        name: the function's name in the row; one with a dot is taken as it is.
        code: the row's starter code, or the text of the problem that may hold it.
        notes: gets a line if nothing shows which of the two it is.

    Raises:
        FormatError: it is no name.
    """
    text = name.text().strip()
    if len(text) > 200 or not _NAME.fullmatch(text):
        name.fail("must be the name of a function", "such as 'add' or 'Solution.add'")
    if "." in text:
        return text
    if _CLASS.search(code) and not re.search(rf"^(?:async[ \t]+)?def[ \t]+{text}\b", code, re.MULTILINE):
        return f"Solution.{text}"
    if f"def {text}" not in code:
        notes.append(
            f"{name.path}: no starter code says where {text!r} belongs; it is called as a function, "
            "so that programs with a class Solution fail"
        )
    return text


def first_solution(solutions: Field | None) -> str:
    """The first of the row's solutions, as far as it shows where the function belongs.

    Args:
        solutions: a list of programs, or the text of one, or the JSON text of a list as APPS has it.

    Returns:
        The beginning of its text; empty if there is none.
    """
    value = solutions.value if solutions is not None else ""
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, str):
        return ""
    # in JSON text line ends are escaped; the text may be cut anywhere, so that it is not parsed
    head = first[:MOST_CHARACTERS]
    return head.lstrip('["').replace("\\n", "\n") if head.startswith('["') else head


def returns_a_list(entry_point: str, code: str) -> bool | None:
    """What the starter code's annotation says of the value; None if there is none."""
    name = entry_point.rpartition(".")[2]
    found = re.search(rf"def[ \t]+{name}[ \t]*\([^\n]{{0,1000}}\)[ \t]*->[ \t]*([^\n:]{{1,1000}}):", code)
    if found is None or found[1].strip() in {"None", "Any", "object"}:
        return None
    return (
        re.search(r"^(?:typing\.)?(?:Optional\[)?(?:List|list|Sequence|Iterable|Tuple|tuple)\b", found[1].strip())
        is not None
    )
