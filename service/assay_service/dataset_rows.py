"""Puts plain suites in the place of dataset rows, so that workers need to know no dataset."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import ValidationError

from assay.contract import DatasetSuite
from assay.errors import FormatError, ItemError
from assay.formats import Converted, convert_row
from assay_service.complaints import item_error, printable, suggest

__all__ = ["expand_rows"]


def expand_rows(item: dict[str, Any], path: str) -> dict[str, Any]:
    """The item with a plain suite for every suite of the kind `dataset`; the item itself if it has none.

    Args:
        item: an item as sent, merged with the defaults; not yet validated.
        path: where it stands in the request.

    Raises:
        ItemError: a row, or what is around it, is malformed (``invalid_item``), is not in its format
            (``invalid_row``), or needs what cannot be graded (``unsupported_row``).
    """
    rewards = item.get("rewards")
    if not isinstance(rewards, list) or not any(map(_has_row, rewards)):
        return item
    expanded = [
        _expand(reward, f"{path}.rewards[{number}]") if _has_row(reward) else reward
        for number, reward in enumerate(rewards)
    ]
    return {**item, "rewards": expanded}


def _has_row(reward: object) -> bool:
    tests = reward.get("tests") if isinstance(reward, dict) else None
    return isinstance(tests, dict) and tests.get("kind") == "dataset"


def _expand(reward: dict[str, Any], path: str) -> dict[str, Any]:
    suite = _validated(reward["tests"], f"{path}.tests")
    try:
        converted = convert_row(suite.row, suite.format)
    except FormatError as error:
        raise _placed(error, f"{path}.tests") from error
    if converted.suite is None:
        hint = "use the reward `accuracy`, with the answer as `gold`; `assay convert` writes it"
        raise ItemError("the row has an answer, no tests", code="invalid_row", path=f"{path}.tests.row", hint=hint)
    if converted.linked is not None and converted.linked.grader_files and reward.get("type") != "ioi_code":
        message = "the row has 'grader_files' that the program is linked with"
        hint = "use the reward `ioi_code`"
        raise ItemError(message, code="invalid_row", path=f"{path}.tests.row.grader_files", hint=hint)
    tests = converted.suite.model_dump(exclude_defaults=True)
    return {**_row_defaults(converted, reward), **reward, "tests": tests, **_limits(converted, reward)}


def _validated(tests: dict[str, Any], path: str) -> DatasetSuite:
    unknown = sorted(tests.keys() - DatasetSuite.model_fields.keys())
    if unknown:
        known = suggest(unknown[0], DatasetSuite.model_fields)
        raise item_error(f"'{unknown[0]}' is not a field here", path=f"{path}.{unknown[0]}", hint=known)
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
