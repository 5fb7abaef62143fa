"""APPS and TACO: `input_output`, a JSON text of inputs, outputs and perhaps a function's name.

The fields are those of the cards of `codeparrot/apps` and `BAAI/TACO`; what inputs and outputs mean is what
the runner of APPS (`testing_util.py`) does with them.
"""

from collections.abc import Mapping
from typing import Final

from assay.contract import Limits
from assay.formats.amounts import make_limits, megabytes_of, seconds_of
from assay.formats.cases import Call, pair_up, suite_of
from assay.formats.entry_points import first_solution
from assay.formats.fields import Field, Row
from assay.formats.format import Converted, Format
from assay.formats.preludes import IMPORTS

__all__ = ["APPS", "TACO", "convert_table"]

_TACO_FIELDS: Final = frozenset(
    {"raw_tags", "skill_types", "time_limit", "memory_limit", "picture_num", "tags", "Expected Auxiliary Space"}
)
_OF_OTHERS: Final = frozenset({"entry_point", "test", "verification_info", "tests"})


def convert_table(table: Field, code: str, notes: list[str]) -> Converted:
    """Tests in the shape `{"inputs": […], "outputs": […], "fn_name": …}`.

    Args:
        table: the object.
        code: starter code, or a text that may hold it.
        notes: gets the warnings.

    Raises:
        FormatError: it has another shape.
    """
    pairs = pair_up(table["inputs"], table["outputs"])
    name = table.find("fn_name")
    call = Call(name, code, may_be_wrapped=True) if name is not None else None
    return Converted(suite=suite_of(pairs, call, notes), warnings=tuple(notes))


def _is_table(row: Row) -> bool:
    value = row.get("input_output")
    return isinstance(value, str | Mapping) and not _OF_OTHERS & row.keys()


def _convert(row: Field, limits: Limits, notes: list[str]) -> Converted:
    code, question = row.find("starter_code"), row.find("question")
    texts = [each.text() for each in (code, question) if each is not None]
    known = "\n".join([*texts, first_solution(row.find("solutions"))])
    table = convert_table(row["input_output"].decoded(), known, notes)
    number = row.find("problem_id") or row.find("id")
    return Converted(
        suite=table.suite,
        limits=limits,
        id=number.name() if number is not None else None,
        prompt=texts[-1] if question is not None else None,
        warnings=tuple(notes),
    )


def _convert_apps(row: Field) -> Converted:
    return _convert(row, Limits(), [])


def _convert_taco(row: Field) -> Converted:
    notes: list[str] = []
    time_s = seconds_of(row.find("time_limit"), notes)
    memory_mb = megabytes_of(row.find("memory_limit"), notes)
    return _convert(row, make_limits(time_s, memory_mb, notes), notes)


APPS: Final = Format(
    name="apps",
    prelude=IMPORTS,
    aliases=("codeparrot/apps",),
    detect=lambda row: _is_table(row) and not _TACO_FIELDS & row.keys(),
    convert=_convert_apps,
)
TACO: Final = Format(
    name="taco",
    prelude=IMPORTS,
    aliases=("BAAI/TACO", "likaixin/TACO-verified"),
    detect=lambda row: _is_table(row) and bool(_TACO_FIELDS & row.keys()),
    convert=_convert_taco,
)
