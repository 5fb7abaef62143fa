"""Turns a request body into a batch: pure, from bytes to `NewBatch`.

The fields of the request itself are checked as a whole; each item is then merged over the defaults,
validated by itself and stored as it was sent (merged, not expanded: the workers validate the same model).
An item that fails gets its result here, a null reward with the error, and leaves the others alone.

Tests that are a dataset's row become a plain suite first, within a bound: rows may be compressed, and all items
of a batch together may not grow beyond `max_expanded_bytes`.

An item is mended in one respect only: a lone surrogate in what the model wrote (``completion``, ``code`` and
the texts of ``files``) becomes U+FFFD. A model may emit anything, and what it emits must not be able to turn
a reward into null.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError, to_json

from assay.contract import BatchRequest, Detail, ErrorInfo, Item, Priority
from assay.contract.batch import LONGEST_DEADLINE_S
from assay.errors import ItemError, RequestError
from assay.queue.answers import ItemName, error_result
from assay.queue.lines import EVERYONE, Line
from assay.queue.port import NewBatch
from assay.queue.shards import expected_work_s, plan_shards
from assay_service.complaints import InvalidRequest, complain, item_error, suggest
from assay_service.dataset_rows import expand_rows
from assay_service.groups import GroupLengths
from assay_service.json_body import find_flaw, parse_body, without_surrogates
from assay_service.shelf import Fetch, SuiteShelf, nothing_uploaded
from assay_service.wording import explain_item

__all__ = [
    "AdmissionTerms",
    "admit_batch",
    "check_content_type",
    "check_idempotency_key",
    "check_item",
    "merge_defaults",
]

MAX_NAME_CHARACTERS: Final = 512
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_JSON_TYPE: Final = re.compile(r"application/(json|[\w.!#$&^+-]+\+json)")


@dataclass(frozen=True)
class AdmissionTerms:
    """The bounds of a batch, and for how many workers it is cut."""

    max_items: int
    workers: int
    shard_work_s: float
    max_expanded_bytes: int = 512 * 1024 * 1024
    """Bytes of all items whose tests were a dataset's row, as suites."""


class _Accepted(NamedTuple):
    item: Item
    payload: bytes
    work_s: float
    expanded_bytes: int
    """Of the payload, if a dataset's row became a suite in it; else 0."""


def admit_batch(
    body: bytes | bytearray,
    batch_id: str,
    terms: AdmissionTerms,
    idempotency_key: str | None = None,
    tenant: str = EVERYONE,
    fetch: Fetch = nothing_uploaded,
) -> NewBatch:
    """The batch of a request body.

    Args:
        body: the body as received.
        batch_id: the id the batch is to have.
        terms: the bounds in force.
        idempotency_key: the checked ``Idempotency-Key``.
        tenant: whose batch it is.
        fetch: finds the suites that the tenant uploaded.

    Raises:
        RequestError: the body is no batch (``invalid_json``, ``invalid_request``, ``too_many_items``).
    """
    fields = parse_body(body)
    _check_fields(fields, terms.max_items)
    payloads: dict[int, bytes] = {}
    works_s: dict[int, float] = {}
    deadlines_s: dict[int, float] = {}
    results: dict[int, bytes] = {}
    names: list[ItemName] = []
    taken: set[str] = set()
    left_bytes = terms.max_expanded_bytes
    lengths, shelf = GroupLengths(), SuiteShelf(fields.get("suites", {}), fetch)
    items = fields["items"]
    for index, raw in enumerate(items):
        items[index] = None  # freed one by one, for freeing all at once would hold the interpreter lock
        shelf.begin()
        try:
            accepted = _admit_item(raw, fields.get("defaults", {}), f"items[{index}]", taken, shelf)
            left_bytes = _spend(left_bytes, accepted, f"items[{index}]")
        except ItemError as error:
            shelf.give_back()
            names.append(_usable_name(raw))
            results[index] = error_result(names[index], index, error)
        else:
            names.append(ItemName(accepted.item.id, accepted.item.group))
            taken.add(accepted.item.id)
            lengths.add(index, accepted.item)
            payloads[index], works_s[index] = accepted.payload, accepted.work_s
            asked_s = [value for value in (accepted.item.deadline_s, fields.get("deadline_s")) if value is not None]
            if asked_s:
                deadlines_s[index] = min(asked_s)
    payloads.update(lengths.write(payloads))
    return NewBatch(
        batch_id=batch_id,
        items=payloads,
        results=results,
        ids=tuple(name.id for name in names),
        groups=tuple(name.group for name in names),
        detail=str(fields.get("detail", Detail.NONE)),
        shards=plan_shards(works_s, shard_work_s=terms.shard_work_s, workers=terms.workers),
        suites=shelf.texts,
        reuse=fields.get("reuse", True),
        line=Line(tenant, _priority(fields.get("priority"), works_s, terms.shard_work_s)),
        work_s=works_s,
        deadlines_s=deadlines_s,
        fingerprint=hashlib.sha256(body).hexdigest(),
        idempotency_key=idempotency_key,
    )


def check_content_type(value: str | None) -> None:
    """Accepts JSON by any name, and a request that does not say.

    Raises:
        RequestError: ``unsupported_media_type``.
    """
    if value and not _JSON_TYPE.fullmatch(value.partition(";")[0].strip().lower()):
        hint = "send 'Content-Type: application/json'"
        raise RequestError(f"'{value[:100]}' is not JSON", code="unsupported_media_type", hint=hint)


def check_idempotency_key(value: str | None) -> str | None:
    """The key, if there is one and it is 1 to 255 visible ASCII characters.

    Raises:
        RequestError: it is something else.
    """
    if value is not None and not _KEY.fullmatch(value):
        message = "'Idempotency-Key' must be 1 to 255 visible ASCII characters"
        raise RequestError(message, path="Idempotency-Key", hint="use a UUID")
    return value


def merge_defaults(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """``given`` over ``defaults``: objects merge key by key, anything else given replaces the default."""
    merged = {**defaults, **given}
    for name in defaults.keys() & given.keys():
        if isinstance(defaults[name], dict) and isinstance(given[name], dict):
            merged[name] = merge_defaults(defaults[name], given[name])
    return merged


def _check_fields(fields: dict[str, Any], max_items: int) -> None:
    errors = _unknown_names(fields, BatchRequest.model_fields, "")
    errors += _items_errors(fields, max_items)
    errors += _defaults_errors(fields.get("defaults", {}))
    if not isinstance(fields.get("suites", {}), dict):
        hint = "give suites by the names that items refer to"
        errors.append(complain("'suites' must be an object", path="suites", hint=hint))
    detail = fields.get("detail", Detail.NONE)
    if detail not in list(Detail):
        known = ", ".join(Detail)
        errors.append(complain("'detail' has no such value", path="detail", hint=f"give one of: {known}"))
    errors += _service_errors(fields)
    if errors:
        raise InvalidRequest(tuple(errors))


def _service_errors(fields: dict[str, Any]) -> list[ErrorInfo]:
    """What is wrong with how the batch is to be served."""
    errors = []
    if not isinstance(fields.get("reuse", True), bool):
        errors.append(complain("'reuse' must be true or false", path="reuse"))
    priority, deadline_s = fields.get("priority"), fields.get("deadline_s")
    if priority is not None and priority not in list(Priority):
        hint = f"give one of: {', '.join(Priority)}"
        errors.append(complain("'priority' has no such value", path="priority", hint=hint))
    is_number = isinstance(deadline_s, int | float) and not isinstance(deadline_s, bool)
    if deadline_s is not None and not (is_number and 0 < deadline_s <= LONGEST_DEADLINE_S):
        hint = "give seconds after the admission, or leave it out"
        message = f"'deadline_s' must be a number above 0 and at most {LONGEST_DEADLINE_S}"
        errors.append(complain(message, path="deadline_s", hint=hint))
    return errors


def _priority(asked: str | None, works_s: Mapping[int, float], quick_s: float) -> Priority:
    """A batch that is nothing beside others need not wait behind them."""
    if asked is not None:
        return Priority(asked)
    return Priority.HIGH if sum(works_s.values()) < quick_s else Priority.NORMAL


def _items_errors(fields: dict[str, Any], max_items: int) -> list[ErrorInfo]:
    items = fields.get("items")
    if isinstance(items, list) and 0 < len(items) <= max_items:
        return []
    if "items" not in fields:
        return [complain("'items' is missing", path="items", hint="give the completions to grade")]
    if not isinstance(items, list):
        return [complain("'items' must be a list", path="items")]
    if not items:
        return [complain("'items' is empty", path="items", hint="give at least one item")]
    message = f"{len(items)} items are more than the {max_items} of `max_batch_items`"
    return [complain(message, path="items", hint="send several batches", code="too_many_items")]


def _defaults_errors(defaults: object) -> list[ErrorInfo]:
    if not isinstance(defaults, dict):
        return [complain("'defaults' must be an object", path="defaults")]
    return _unknown_names(defaults, Item.model_fields, "defaults.")


def _unknown_names(given: Mapping[str, Any], known: Mapping[str, Any], prefix: str) -> list[ErrorInfo]:
    return [
        complain(f"'{name}' is not a field here", path=prefix + name, hint=suggest(name, known))
        for name in given
        if name not in known
    ]


def check_item(item: dict[str, Any], path: str) -> None:
    """Raises what is wrong with an item.

    Raises:
        ItemError: something is.
    """
    _admit_item(item, {}, path, set(), SuiteShelf({}))


def _admit_item(raw: object, defaults: dict[str, Any], path: str, taken: set[str], shelf: SuiteShelf) -> _Accepted:
    if not isinstance(raw, dict):
        raise ItemError("an item must be an object", path=path)
    given = merge_defaults(defaults, raw) if defaults else raw
    placed = shelf.place(given, path)
    plain = expand_rows(placed, path, shelf.rows)
    stored = shelf.store(plain)
    merged, payload = _carry(stored.lean, path)
    try:
        item = Item.model_validate({**merged, "rewards": stored.rewards} if "rewards" in merged else merged)
    except ValidationError as error:
        raise explain_item(error, path) from error
    if item.id in taken:
        hint = "give every item an id of its own"
        raise ItemError("an earlier item has this id", code="duplicate_id", path=f"{path}.id", hint=hint)
    expanded_bytes = len(payload) + shelf.added_bytes if plain is not given else 0
    return _Accepted(item, payload, expected_work_s(item), expanded_bytes)


def _spend(left_bytes: int, accepted: _Accepted, path: str) -> int:
    if accepted.expanded_bytes > left_bytes:
        hint = "send several batches, or plain suites"
        raise ItemError(
            "the dataset rows of this batch are too large as suites", code="invalid_row", path=path, hint=hint
        )
    return left_bytes - accepted.expanded_bytes


def _carry(item: dict[str, Any], path: str) -> tuple[dict[str, Any], bytes]:
    """The item, mended if need be, and its JSON."""
    try:
        payload = _to_json(item)
    except PydanticSerializationError:  # a lone surrogate
        item = _mend(item)
        _refuse_flaws(item, path)
        return item, _to_json(item)
    if b"NaN" in payload or b"Infinity" in payload:  # as a number, or as a word of the completion
        _refuse_flaws(item, path)
    return item, payload


def _refuse_flaws(item: dict[str, Any], path: str) -> None:
    if flaw := find_flaw(item, path):
        raise item_error(flaw[1], path=flaw[0])


def _to_json(merged: dict[str, Any]) -> bytes:
    return to_json(merged, inf_nan_mode="constants")


def _mend(item: dict[str, Any]) -> dict[str, Any]:
    mended: dict[str, Any] = {name: _mend_text(item[name]) for name in ("completion", "code") if name in item}
    files = item.get("files")
    if isinstance(files, dict):
        mended["files"] = {name: _mend_text(text) for name, text in files.items()}
    return {**item, **mended}


def _mend_text(value: object) -> object:
    return without_surrogates(value) if isinstance(value, str) else value


def _usable_name(raw: object) -> ItemName:
    """What a refused item is called, as far as it says so in a usable way: else its id is empty."""
    given = raw if isinstance(raw, dict) else {}
    return ItemName(_usable(given.get("id")) or "", _usable(given.get("group")))


def _usable(name: object) -> str | None:
    usable = isinstance(name, str) and 0 < len(name) <= MAX_NAME_CHARACTERS and not find_flaw(name, "")
    return str(name) if usable else None
