"""Puts plain suites in the place of dataset rows, so that workers need to know no dataset."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from pydantic import ValidationError

from assay.contract import DatasetSuite
from assay.errors import FormatError, ItemError
from assay.formats import Converted, convert_row
from assay_service.complaints import item_error, printable, refuse_unknown

__all__ = ["SharedRows", "expand_rows"]


class SharedRows:
    """Rows that several items share, as suites: none is converted twice."""

    def __init__(self, is_shared: Callable[[dict[str, Any]], bool] = lambda _: False) -> None:
        self._is_shared = is_shared
        self._converted: dict[int, tuple[Converted, dict[str, Any] | None]] = {}

    def find(self, tests: dict[str, Any]) -> tuple[Converted, dict[str, Any] | None] | None:
        """What became of a row, if it is shared and has been here."""
        return self._converted.get(id(tests))

    def keep(self, tests: dict[str, Any], converted: Converted, suite: dict[str, Any] | None) -> None:
        """Keeps what became of a row, if it is shared."""
        if self._is_shared(tests):
            self._converted[id(tests)] = converted, suite


def expand_rows(item: dict[str, Any], path: str, rows: SharedRows | None = None) -> dict[str, Any]:
    """The item with a plain suite for every suite of the kind `dataset`; the item itself if it has none.

    Args:
        item: an item as sent, merged with the defaults; not yet validated.
        path: where it stands in the request.
        rows: the rows that several items share, converted once.

    Raises:
        ItemError: a row, or what is around it, is malformed (``invalid_item``), is not in its format
            (``invalid_row``), or needs what cannot be graded (``unsupported_row``).
    """
    rewards = item.get("rewards")
    if not isinstance(rewards, list) or not any(map(_has_row, rewards)):
        return item
    expanded = [
        _expand(reward, f"{path}.rewards[{number}]", rows or SharedRows()) if _has_row(reward) else reward
        for number, reward in enumerate(rewards)
    ]
    return {**item, "rewards": expanded}


def _has_row(reward: object) -> bool:
    tests = reward.get("tests") if isinstance(reward, dict) else None
    return isinstance(tests, dict) and tests.get("kind") == "dataset"


def _expand(reward: dict[str, Any], path: str, rows: SharedRows) -> dict[str, Any]:
    converted, tests = rows.find(reward["tests"]) or _convert(reward["tests"], f"{path}.tests", rows)
    if converted.suite is None:
        hint = "use the reward `accuracy`, with the answer as `gold`; `assay convert` writes it"
        raise ItemError("the row has an answer, no tests", code="invalid_row", path=f"{path}.tests.row", hint=hint)
    if converted.linked is not None and converted.linked.grader_files and reward.get("type") != "ioi_code":
        message = "the row has 'grader_files' that the program is linked with"
        hint = "use the reward `ioi_code`"
        raise ItemError(message, code="invalid_row", path=f"{path}.tests.row.grader_files", hint=hint)
    return {**_row_defaults(converted, reward), **reward, "tests": tests, **_limits(converted, reward)}


def _convert(tests: dict[str, Any], path: str, rows: SharedRows) -> tuple[Converted, dict[str, Any] | None]:
    suite = _validated(tests, path)
    try:
        converted = convert_row(suite.row, suite.format)
    except FormatError as error:
        raise _placed(error, path) from error
    plain = None if converted.suite is None else converted.suite.model_dump(exclude_defaults=True)
    rows.keep(tests, converted, plain)
    return converted, plain


def _validated(tests: dict[str, Any], path: str) -> DatasetSuite:
    refuse_unknown(tests, DatasetSuite.model_fields, path)
    try:
        return DatasetSuite.model_validate(tests)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        hint = "see docs/formats.md"
        raise item_error(f"'{where}': {first['msg']}", path=f"{path}.{where}", hint=hint) from error


def _placed(error: FormatError, path: str) -> FormatError:
    """The error with the path from the request on; the format's name stands beside the row, not in it."""
    within = error.path if error.path == "format" else f"row.{error.path}".rstrip(".")
    return FormatError(
        printable(error.message), code=error.code, path=printable(f"{path}.{within}"), hint=printable(error.hint)
    )


def _row_defaults(converted: Converted, reward: Mapping[str, Any]) -> dict[str, Any]:
    """What the row says of the program, and, for the reward that knows it, of the score."""
    defaults: dict[str, Any] = {"language": converted.language}
    if converted.prelude and reward.get("language", converted.language) == converted.language:
        defaults["prelude"] = converted.prelude
    if reward.get("type") == "code":
        defaults["scoring"] = converted.scoring
    if reward.get("type") == "ioi_code" and converted.linked is not None:
        defaults |= asdict(converted.linked)
    return defaults


def _limits(converted: Converted, reward: Mapping[str, Any]) -> dict[str, Any]:
    """The row's limits, under those that the reward gives one by one."""
    given = reward.get("limits", {})
    if not isinstance(given, dict):
        return {}  # the item's own validation complains about it
    merged = {**converted.limits.model_dump(exclude_defaults=True), **given}
    return {"limits": merged} if merged else {}
