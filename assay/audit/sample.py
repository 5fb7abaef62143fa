"""Grades a share of accepted results again: an acceptance that cannot be repeated was luck, load or a hole.

A record is an item with the result it once had. Records come as lines of JSON, each either ``{"item", "result"}``
or ``{"request", "result"}``, a batch's request and its answer; or as two files, the items that `assay grade` read
and the results that it wrote.

Source: `INTEGRITY.md`, acceptance gate 7.
"""

import json
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from assay.client import Client
from assay.contract import BatchResult, ItemResult, Verdict
from assay.errors import CorpusError

__all__ = ["Record", "Rerun", "choose", "disagreement", "is_accepted", "parse_records", "parse_results", "rerun"]

TOLERANCE: Final = 1e-6


@dataclass(frozen=True)
class Record:
    """An item, and what it earned."""

    item: dict[str, Any]
    result: ItemResult
    defaults: dict[str, Any] = field(default_factory=dict)
    """Those of the item's request."""


@dataclass(frozen=True)
class Rerun:
    """A record, and what it earned when it was graded again."""

    record: Record
    now: ItemResult
    disagreement: str | None
    """How the two differ; None if they agree."""


def parse_records(lines: Iterable[bytes]) -> list[Record]:
    """The records of lines of JSON; empty lines are passed over.

    Raises:
        CorpusError: a line is none of the two forms.
    """
    records: list[Record] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            records += _of_line(json.loads(line))
        except (ValueError, RecursionError, KeyError, TypeError) as error:
            reason = _reason(error)
            raise CorpusError(f"line {number} is no record: {reason}") from error
    return records


def parse_results(items: Sequence[dict[str, Any]], lines: Iterable[bytes]) -> list[Record]:
    """The records of two files: the items, in their order, and results as `assay grade --output` writes them.

    Raises:
        CorpusError: a line is no result, or belongs to none of the items.
    """
    records: list[Record] = []
    for number, line in enumerate(lines, start=1):
        try:
            result = ItemResult.model_validate_json(line)
        except ValidationError as error:
            raise CorpusError(f"line {number} is no result: {_reason(error)}") from error
        records.append(Record(_item_of(items, result), result))
    return records


def is_accepted(record: Record) -> bool:
    """Whether a program of the item was accepted."""
    return any(part.verdict is Verdict.ACCEPTED for part in record.result.components)


def choose(records: Sequence[Record], share: float, seed: int) -> list[Record]:
    """A random share of the accepted records, at least one if there is any, in their order.

    Arguments:
        records: all of them.
        share: above 0 and at most 1.
        seed: the same seed chooses the same of the same records.
    """
    accepted = [index for index, record in enumerate(records) if is_accepted(record)]
    count = min(len(accepted), max(1, math.ceil(share * len(accepted))))
    chosen = random.Random(seed).sample(accepted, count)  # noqa: S311 - a sample, no secret
    return [records[index] for index in sorted(chosen)]


def rerun(client: Client, records: Sequence[Record], flight: int) -> Iterator[Rerun]:
    """Grades records again, so many at a time. Yields in their order.

    Raises:
        AssayError: the service cannot be reached, or refuses a request as a whole.
    """

    def one(record: Record) -> Rerun:
        (now,) = client.grade([record.item], defaults=record.defaults, reuse=False).results or ()
        return Rerun(record, now, disagreement(record.result, now))

    with ThreadPoolExecutor(flight) as pool:
        try:
            yield from pool.map(one, records)
        finally:
            pool.shutdown(cancel_futures=True)


def disagreement(before: ItemResult, now: ItemResult) -> str | None:
    """How two results of the same item differ; None if they agree in reward and verdicts."""
    if now.reward is None:
        return f"reward {_shown(before.reward)} before, none now ({now.error.code if now.error else 'no error'})"
    if before.reward is None or abs(before.reward - now.reward) > TOLERANCE:
        return f"reward {_shown(before.reward)} before, {_shown(now.reward)} now"
    was, is_ = ([part.verdict for part in result.components] for result in (before, now))
    return None if was == is_ else f"verdicts {_names(was)} before, {_names(is_)} now"


def _of_line(value: dict[str, Any]) -> Iterator[Record]:
    if "item" in value:
        yield Record(dict(value["item"]), ItemResult.model_validate(value["result"]))
        return
    request, answer = value["request"], BatchResult.model_validate(value["result"])
    for result in answer.results or ():
        yield Record(_item_of(request["items"], result), result, request.get("defaults", {}))


def _item_of(items: Sequence[dict[str, Any]], result: ItemResult) -> dict[str, Any]:
    if result.index >= len(items) or items[result.index].get("id", result.id) != result.id:
        raise CorpusError(f"the result of {result.id!r} belongs to no item: number {result.index} is another")
    return items[result.index]


def _reason(error: Exception) -> str:
    match error:
        case ValidationError():
            complaint = error.errors(include_url=False, include_input=False)[0]
            return f"{'.'.join(str(part) for part in complaint['loc'])}: {complaint['msg']}"
        case KeyError():
            return f"{error} is missing"
        case _:
            return str(error)


def _shown(reward: float | None) -> str:
    return "null" if reward is None else f"{reward:g}"


def _names(verdicts: Sequence[Verdict | None]) -> str:
    return ", ".join("none" if verdict is None else verdict.value for verdict in verdicts)
