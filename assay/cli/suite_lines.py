"""Reads suites of tests, with or without the items around them, from a batch request or from lines of JSON. Pure.

A value is a request (``items``, ``defaults``), an item (``rewards``), a row of a data set (``tests`` and
``language``), or a suite by itself (``kind``). What is none of them is reported by its place and costs only itself.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from assay.contract import BinaryCodeReward, CfCodeReward, CodeReward, IoiCodeReward, ProgramReward

__all__ = ["NamedSuite", "Unreadable", "parse_suites"]

_SPECS: Final[dict[str, TypeAdapter[ProgramReward]]] = {
    "code": TypeAdapter(CodeReward),
    "binary_code": TypeAdapter(BinaryCodeReward),
    "cf_code": TypeAdapter(CfCodeReward),
    "ioi_code": TypeAdapter(IoiCodeReward),
}
_ROW_FIELDS: Final = ("language", "limits", "scoring", "min_integrity")
_FORMS: Final = "give a request with 'items', an item with 'rewards', a row with 'tests', or a suite with 'kind'"
_LINES: Final = "write one JSON value, or one on each line"
Merge = Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class NamedSuite:
    """The tests of one component, and where they stand."""

    name: str
    """The item's id, or its place."""
    component: int
    """Number of the reward in its item, from 0."""
    spec: ProgramReward


@dataclass(frozen=True)
class Unreadable:
    """A place where no tests can be read."""

    place: str
    reason: str
    hint: str = ""


def parse_suites(text: str, merge: Merge) -> list[NamedSuite | Unreadable]:
    """All suites of a file, in order; rewards that run no program are passed over.

    Arguments:
        text: one JSON value, or one on each line.
        merge: lays an item over the request's defaults.
    """
    try:
        values = {"": _json(text)}
    except _NotJsonError as error:
        values = {f"line {number}": line for number, line in _lines(text)}
        if all(isinstance(value, _NotJsonError) for value in values.values()):  # nor is it one value on each line
            return [Unreadable("the file", f"not JSON: {error}", _LINES)] if values else []
    return [each for place, value in values.items() for each in _of_value(place, value, merge)]


class _NotJsonError(Exception):
    """A text is no JSON."""


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _NotJsonError(str(error)) from error


def _lines(text: str) -> Iterator[tuple[int, object]]:
    """The values of the lines that are not empty, by their numbers; an error in the place of one that has none."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, _json(line)
            except _NotJsonError as error:
                yield number, error


def _of_value(place: str, value: Any, merge: Merge) -> Iterator[NamedSuite | Unreadable]:
    match value:
        case _NotJsonError():
            yield Unreadable(place, f"not JSON: {value}", _LINES)
        case list():
            for number, each in enumerate(value):
                yield from _of_value(f"{place}[{number}]", each, merge)
        case {"items": list() as items}:
            yield from _of_request(place, items, value.get("defaults", {}), merge)
        case {"rewards": list() as rewards}:
            yield from _of_item(str(value.get("id") or place or "item"), rewards)
        case {"tests": dict() as tests}:
            spec = {name: value[name] for name in _ROW_FIELDS if name in value}
            yield _read(str(value.get("id") or place or "tests"), 0, {"type": "code", "tests": tests, **spec})
        case {"kind": str()}:
            yield _read(place or "suite", 0, {"type": "code", "tests": value})
        case _:
            yield Unreadable(place or "the file", "no tests are there", _FORMS)


def _of_request(
    place: str, items: list[object], defaults: object, merge: Merge
) -> Iterator[NamedSuite | Unreadable]:
    prefix = f"{place} " if place else ""
    if not isinstance(defaults, dict):
        yield Unreadable(f"{prefix}defaults", "they are no object", "give the fields that all items share")
        return
    for number, item in enumerate(items):
        where = f"{prefix}items[{number}]"
        merged = merge(defaults, item) if isinstance(item, dict) else item
        if isinstance(merged, dict) and isinstance(merged.get("rewards"), list):
            yield from _of_item(str(merged.get("id") or where), merged["rewards"])
        else:
            yield Unreadable(where, "it has no 'rewards'", "give them with the item, or with 'defaults'")


def _of_item(name: str, rewards: list[object]) -> Iterator[NamedSuite | Unreadable]:
    for number, reward in enumerate(rewards):
        if not isinstance(reward, dict):
            yield Unreadable(f"{name}, rewards[{number}]", "it is no object", "see docs/rewards.md")
        elif reward.get("type") in _SPECS:
            yield _read(name, number, reward)


def _read(name: str, component: int, spec: dict[str, Any]) -> NamedSuite | Unreadable:
    try:
        return NamedSuite(name, component, _SPECS[spec["type"]].validate_python(spec))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        return Unreadable(f"{name}, {field}" if field else name, first["msg"], "see docs/rewards.md")
