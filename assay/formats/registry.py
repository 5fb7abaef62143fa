"""All formats, by name and by the shape of a row."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from pydantic import ValidationError

from assay.contract import FunctionSuite, StdioSuite
from assay.errors import FormatError
from assay.formats.apps import APPS, TACO
from assay.formats.assertions import ACE_CODE, MBPP
from assay.formats.code_contests import CODE_CONTESTS
from assay.formats.deep_coder import DEEP_CODER, SYNTHETIC_1
from assay.formats.fields import Field, Row
from assay.formats.format import Converted, Format
from assay.formats.live_code_bench import LIVE_CODE_BENCH
from assay.formats.mathematics import GSM8K, MATH
from assay.formats.open_r1 import CODEFORCES, IOI
from assay.formats.prime import PRIME
from assay.formats.rstar_coder import RSTAR_CODER
from assay.formats.scripts import HUMAN_EVAL, KOD_CODE, LEET_CODE

__all__ = ["AUTO", "FORMATS", "convert_row", "detect_format", "find_format"]

AUTO: Final = "auto"
"""In the place of a format's name: the one whose shape the row has."""

FORMATS: Final = {
    each.name: each
    for each in (
        APPS, TACO, LIVE_CODE_BENCH, PRIME, CODE_CONTESTS, DEEP_CODER, SYNTHETIC_1, KOD_CODE, ACE_CODE, MBPP,
        HUMAN_EVAL, LEET_CODE, RSTAR_CODER, CODEFORCES, IOI, GSM8K, MATH,
    )
}  # fmt: skip
"""By name."""

_BY_ALIAS: Final = {alias.lower(): each for each in FORMATS.values() for alias in (each.name, *each.aliases)}


def find_format(name: str) -> Format:
    """The format of a name or an alias, in whatever case.

    Raises:
        FormatError: there is none.
    """
    found = _BY_ALIAS.get(name.lower())
    if found is None:
        near = get_close_matches(name.lower(), _BY_ALIAS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"give one of: {AUTO}, {', '.join(FORMATS)}"
        raise FormatError(f"there is no format {name[:100]!r}", path="format", hint=hint)
    return found


def detect_format(row: Row) -> Format:
    """The one format whose shape a row has.

    Raises:
        FormatError: there is none, or more than one.
    """
    found = [each for each in FORMATS.values() if each.detect(row)]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(each.name for each in found)
        raise FormatError(f"the row has the shapes of several formats: {names}", hint="name the format")
    fields = ", ".join(sorted(str(name) for name in row)[:20])
    raise FormatError(f"no format has a row of these fields: {fields[:300]}", hint="name the format")


def convert_row(row: object, name: str = AUTO) -> Converted:
    """A row in the terms of the contract.

    Args:
        row: the row, as a loader of datasets or a line of JSON gives it.
        name: the name of its format, an alias, or `auto`.

    Raises:
        FormatError: the row is not in this format (``invalid_row``), or needs what cannot be graded
            (``unsupported_row``).
    """
    field = Field(row, "")
    if not isinstance(row, Mapping):
        field.fail("must be an object")
    found = detect_format(row) if name.lower() == AUTO else find_format(name)
    converted = found.convert(field)
    if converted.language == "python" and isinstance(converted.suite, StdioSuite | FunctionSuite):
        converted = replace(converted, prelude=_prelude(found.prelude, converted.entry_point))
    try:
        _ = converted.rewards
    except ValidationError as error:  # of what no suite holds, such as the language
        (first, *_) = error.errors(include_url=False, include_input=False)
        field.fail(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
    return converted


def _prelude(imports: str, entry_point: str | None) -> str:
    """The imports without the name that is called: `add` must come from the program, never from `operator`."""
    if not imports or entry_point is None:
        return imports
    name = entry_point.partition(".")[0].removesuffix("()")
    return f"{imports}\nglobals().pop({name!r}, None)"
