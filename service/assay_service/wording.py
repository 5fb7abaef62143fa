"""Turns what pydantic says about an item into what its sender can act on.

Pydantic places an error by a location in which the tags of unions stand between the fields. The item's JSON
schema is walked along that location: a tag picks the branch and is left out of the path, and an unknown
field is compared with the fields its object really has.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from assay.contract import Item
from assay.errors import ItemError
from assay_service.complaints import item_error, suggest

__all__ = ["explain_item"]

Schema = dict[str, Any]


class _Place(NamedTuple):
    path: str
    parent: Schema
    """Schema of the object that holds the field."""
    schema: Schema
    """Schema of the field itself."""
    name: str
    """The field's own name."""


class _Wording(NamedTuple):
    message: str
    hint: str = ""
    below: str = ""
    """What to add to the path."""


def explain_item(error: ValidationError, path: str) -> ItemError:
    """The first complaint of ``error`` as an ``invalid_item``, with the number of the others.

    Args:
        error: what `Item` raised.
        path: where the item stands in the request.
    """
    details = _causes(error.errors(include_url=False, include_input=False))
    place = _locate(details[0]["loc"], path)
    wording = _word(details[0], place)
    others = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return item_error(wording.message + others, path=place.path + wording.below, hint=wording.hint)


def _causes(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without the lists that are only too short because an element in them is wrong."""
    inner = {detail["loc"][:depth] for detail in details for depth in range(len(detail["loc"]))}
    return [detail for detail in details if detail["type"] != "too_short" or detail["loc"] not in inner]


@cache
def _item_schema() -> Schema:
    return Item.model_json_schema()


def _locate(location: tuple[int | str, ...], path: str) -> _Place:
    parent = schema = _resolve(_item_schema())
    name = ""
    for part in location:
        branches = schema.get("discriminator", {}).get("mapping", {})
        if part in branches:
            schema = _resolve({"$ref": branches[part]})
            continue
        if part == "[key]":  # pydantic's way to say that the key is wrong, not its value
            continue
        name = str(part)
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
        parent, schema = schema, _resolve(_child(schema, part))
    return _Place(path, parent, schema, name)


def _resolve(schema: Schema) -> Schema:
    if "$ref" in schema:
        definition: Schema = _item_schema()["$defs"][schema["$ref"].rpartition("/")[2]]
        return definition
    for option in schema.get("anyOf", ()):
        if option.get("type") != "null":
            return _resolve(option)
    return schema


def _child(schema: Schema, part: int | str) -> Schema:
    if isinstance(part, int):
        items: Schema = schema.get("items", {})
        return items
    more = schema.get("additionalProperties")
    child: Schema = schema.get("properties", {}).get(part) or (more if isinstance(more, dict) else {})
    return child


def _word(error: ErrorDetails, place: _Place) -> _Wording:
    if worded := _WORDINGS.get(error["type"]):
        return worded(error, place)
    message = error["msg"].removeprefix("Value error, ")
    return _Wording(message.replace("Input should be", "must be", 1))


def _missing(_error: ErrorDetails, place: _Place) -> _Wording:
    return _Wording(f"'{place.name}' is missing", place.schema.get("description", "").partition("\n")[0])


def _unknown_field(_error: ErrorDetails, place: _Place) -> _Wording:
    return _Wording(f"'{place.name}' is not a field here", suggest(place.name, place.parent.get("properties", ())))


def _unknown_tag(error: ErrorDetails, place: _Place) -> _Wording:
    tag = str(error["ctx"]["tag"])
    field = place.schema["discriminator"]["propertyName"]
    branches = place.schema["discriminator"]["mapping"]
    return _Wording(f"'{tag}' is not a known {field}", suggest(tag, branches), f".{field}")


def _missing_tag(_error: ErrorDetails, place: _Place) -> _Wording:
    field = place.schema["discriminator"]["propertyName"]
    known = ", ".join(sorted(place.schema["discriminator"]["mapping"]))
    return _Wording(f"'{field}' is missing", f"give one of: {known}", f".{field}")


def _not_object(_error: ErrorDetails, _place: _Place) -> _Wording:
    return _Wording("must be an object")


def _not_list(_error: ErrorDetails, _place: _Place) -> _Wording:
    return _Wording("must be a list")


def _too_few(error: ErrorDetails, _place: _Place) -> _Wording:
    return _Wording(f"must have at least {error['ctx']['min_length']}, not {error['ctx']['actual_length']}")


def _too_many(error: ErrorDetails, _place: _Place) -> _Wording:
    return _Wording(f"must have at most {error['ctx']['max_length']}")


def _not_unicode(_error: ErrorDetails, _place: _Place) -> _Wording:
    return _Wording("a lone surrogate is not text that UTF-8 can carry")


_WORDINGS: Final[dict[str, Callable[[ErrorDetails, _Place], _Wording]]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_field,
    "union_tag_invalid": _unknown_tag,
    "union_tag_not_found": _missing_tag,
    "model_type": _not_object,
    "model_attributes_type": _not_object,
    "dict_type": _not_object,
    "tuple_type": _not_list,
    "list_type": _not_list,
    "too_short": _too_few,
    "too_long": _too_many,
    "string_unicode": _not_unicode,
}
