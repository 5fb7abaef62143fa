"""rStar-Coder: `inputs` and `outputs` of a row, for programs or for functions.

The fields are those of the configurations `seed_testcase` and `synthetic_rl_testcase` of `microsoft/rStar-Coder`.
"""

from typing import Final

from assay.formats.cases import Call, pair_up, suite_of
from assay.formats.fields import Field, Row
from assay.formats.format import Converted, Format
from assay.formats.preludes import IMPORTS

__all__ = ["RSTAR_CODER"]


def _convert(row: Field) -> Converted:
    notes: list[str] = []
    pairs = pair_up(row["inputs"].decoded(), row["outputs"].decoded())
    number, question = row.find("question_id"), row.find("question")
    return Converted(
        suite=suite_of(pairs, _call(row), notes),
        id=number.name() if number is not None else None,
        prompt=question.text() if question is not None else None,
        warnings=tuple(notes),
    )


def _call(row: Field) -> Call | None:
    name = row.find("func_name")
    if name is None:
        return None
    code, owner = row.find("starter_code"), row.find("class_name")
    if owner is not None:
        name = Field(f"{owner.text()}.{name.text()}", name.path)
    return Call(name, code.text() if code is not None else "", may_be_wrapped=False)


def _detect(row: Row) -> bool:
    return {"inputs", "outputs"} <= row.keys() and bool({"question_id", "question"} & row.keys())


RSTAR_CODER: Final = Format(
    name="rstar-coder",
    prelude=IMPORTS,
    aliases=("microsoft/rStar-Coder",),
    detect=_detect,
    convert=_convert,
)
