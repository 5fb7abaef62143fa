"""The suites of one request: puts shared ones in the place of their references, and stores each once.

Eight samples of a prompt carry the same tests, by a reference or as copies. Either way a suite of some size is
validated once and stored once, and the payloads of its items refer to it.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError, to_json

from assay.contract.shared import SharedSuite
from assay.errors import ItemError, RequestError
from assay.queue.suites import name_of, parse_suite, reference
from assay_service.complaints import item_error, refuse_unknown, suggest
from assay_service.dataset_rows import SharedRows
from assay_service.json_body import parse_body

if TYPE_CHECKING:
    from assay.contract import Suite

__all__ = ["LEAST_SHARED_BYTES", "Fetch", "Stored", "SuiteShelf", "nothing_uploaded"]

LEAST_SHARED_BYTES: Final = 1024
"""A smaller suite stays in its item: a reference would save nothing."""
Fetch = Callable[[str], bytes | None]
"""Gives an uploaded suite by its hash, None if there is none."""


def nothing_uploaded(sha256: str) -> bytes | None:
    """Where nothing can have been uploaded."""
    del sha256
    return None


class Stored(NamedTuple):
    """An item whose suites of some size are on the shelf."""

    lean: dict[str, Any]
    """With references in their place: what is queued."""
    rewards: object
    """Its rewards with the suites in place, validated where they are on the shelf."""


class SuiteShelf:
    """The suites of one request.

    Arguments:
        named: the request's `suites`.
        fetch: finds what was uploaded.
    """

    def __init__(self, named: Mapping[str, Any], fetch: Fetch = nothing_uploaded) -> None:
        self._named = named
        self._fetch = fetch
        self._uploaded: dict[str, dict[str, Any] | None] = {}
        self._models: dict[str, Suite] = {}
        self._names: dict[int, str | None] = {}
        self._added: list[str] = []
        self.texts: dict[str, bytes] = {}
        """What is stored, by name."""
        self.rows = SharedRows(self.holds)
        """The shared rows of datasets."""

    def holds(self, tests: dict[str, Any]) -> bool:
        """Whether this very object is one of the request's shared suites, and lives as long as the shelf."""
        return id(tests) in self._names

    def place(self, item: dict[str, Any], path: str) -> dict[str, Any]:
        """The item with shared suites in the place of references; the item itself if it has none.

        Raises:
            ItemError: a reference leads nowhere (``suite_not_found``) or is malformed.
        """
        rewards = item.get("rewards")
        if not isinstance(rewards, list) or not any(map(_refers, rewards)):
            return item
        placed = [
            {**reward, "tests": self._find(reward["tests"], f"{path}.rewards[{number}].tests")}
            if _refers(reward)
            else reward
            for number, reward in enumerate(rewards)
        ]
        return {**item, "rewards": placed}

    def store(self, item: dict[str, Any]) -> Stored:
        """Takes the suites of an item without rows; what is wrong with them is left for its validation."""
        rewards = item.get("rewards")
        if not isinstance(rewards, list):
            return Stored(item, rewards)
        lean, whole = [], []
        for reward in rewards:
            name = self._shelve(reward.get("tests")) if isinstance(reward, dict) else None
            lean.append(reward if name is None else {**reward, "tests": reference(name)})
            whole.append(reward if name is None else {**reward, "tests": self._models[name]})
        return Stored({**item, "rewards": lean}, whole)

    def begin(self) -> None:
        """Begins the next item."""
        self._added = []

    @property
    def added_bytes(self) -> int:
        """Size of the suites that came with this item."""
        return sum(len(self.texts[name]) for name in self._added)

    def give_back(self) -> None:
        """Takes off the shelf what came with this item, which is refused."""
        for name in self._added:
            del self.texts[name], self._models[name]
        self._names.update((key, None) for key, name in self._names.items() if name in self._added)
        self._added = []

    def _shelve(self, tests: object) -> str | None:
        """The name under which a suite is stored; None if it is small or wrong."""
        if not isinstance(tests, dict):
            return None
        if self._names.get(id(tests)):
            return self._names[id(tests)]
        try:
            text = to_json(tests, inf_nan_mode="constants")
        except PydanticSerializationError:  # a lone surrogate
            return None
        if len(text) < LEAST_SHARED_BYTES or b"NaN" in text or b"Infinity" in text:
            return None
        name = name_of(text)
        if name not in self._models:
            try:
                self._models[name] = parse_suite(tests)
            except ValidationError:
                return None
            self.texts[name] = text
            self._added.append(name)
        if self.holds(tests):
            self._names[id(tests)] = name
        return name

    def _find(self, given: dict[str, Any], path: str) -> dict[str, Any]:
        refuse_unknown(given, SharedSuite.model_fields, path)
        try:
            shared = SharedSuite.model_validate(given)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join((path, *map(str, first["loc"])))
            hint = "give the 'name' of one of the request's 'suites', or the 'sha256' of an uploaded one"
            raise item_error(first["msg"].removeprefix("Value error, "), path=where, hint=hint) from error
        found = self._named_suite(shared.name, path) if shared.name is not None else self._upload(shared, path)
        self._names.setdefault(id(found), None)
        return found

    def _named_suite(self, name: str, path: str) -> dict[str, Any]:
        found = self._named.get(name)
        if isinstance(found, dict) and found.get("kind") != "shared":
            return found
        if found is not None:
            raise item_error("it is no suite", path=f"suites.{name}", hint="give an object with a 'kind'")
        hint = suggest(name, self._named) if self._named else "add it to 'suites'"
        raise ItemError(
            f"the request has no suite '{name}'", code="suite_not_found", path=f"{path}.name", hint=hint
        )

    def _upload(self, shared: SharedSuite, path: str) -> dict[str, Any]:
        sha256 = str(shared.sha256)
        if sha256 not in self._uploaded:
            text = self._fetch(sha256)
            try:
                self._uploaded[sha256] = None if text is None else parse_body(text)
            except RequestError:  # it was checked when it came
                self._uploaded[sha256] = None
        if (found := self._uploaded[sha256]) is not None:
            return found
        hint = f"send it to PUT /v1/suites/{sha256}; what no batch refers to is forgotten after `suite_ttl_s`"
        message = "no suite of this hash is uploaded"
        raise ItemError(message, code="suite_not_found", path=f"{path}.sha256", hint=hint)


def _refers(reward: object) -> bool:
    tests = reward.get("tests") if isinstance(reward, dict) else None
    return isinstance(tests, dict) and tests.get("kind") == "shared"
