"""What an adapter asks of Assay: rewards whose fields come from the columns of a dataset.

A trainer hands over completions and, for each, the dataset's columns. A reward names the columns that fill its
fields; `tests` may be a suite or a dataset's row, also as JSON, or be made of all columns of the sample (`ROW`).
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

__all__ = ["ROW", "Asked", "Asking", "build_batch", "completion_text", "digest", "service_url", "spec_of_truth"]

ROW: Final = "*"
"""In the place of a column: all of them, as the row of a published dataset (docs/formats.md)."""
_TESTS: Final = "tests"
_URL_VARIABLE: Final = "ASSAY_URL"
_DEFAULT_URL: Final = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Asked:
    """One reward."""

    spec: Mapping[str, Any]
    """The reward as a request has it, without what comes from columns."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """The column that fills each other field."""


@dataclass(frozen=True)
class Asking:
    """A batch to send."""

    items: list[dict[str, Any]]
    suites: dict[str, Any]
    """The tests of the items, by name, each once."""


def build_batch(
    rewards: Sequence[Asked],
    prompts: Sequence[object],
    completions: Sequence[object],
    columns: Mapping[str, Sequence[Any]],
    token_ids: Sequence[Sequence[int]] | None = None,
) -> Asking:
    """The batch of some completions; the samples of one prompt are one rollout group.

    Arguments:
        rewards: what each completion is to be judged by.
        prompts: the prompts, texts or conversations.
        completions: the completions, texts or conversations.
        columns: the dataset's columns, each as long as ``completions``.
        token_ids: the completions' tokens, if they are known.

    Raises:
        ValueError: a column that a reward needs is not there.
    """
    suites: dict[str, Any] = {}
    items: list[dict[str, Any]] = []
    for place, completion in enumerate(completions):
        sample = {name: values[place] for name, values in columns.items()}
        item = {
            "id": str(place),
            "group": digest(prompts[place]),
            "completion": completion_text(completion),
            "rewards": [_filled(reward, sample, suites) for reward in rewards],
        }
        tokens = {} if token_ids is None else {"token_ids": list(token_ids[place])}
        items.append(item | tokens)
    return Asking(items, suites)


def service_url(given: str | None) -> str:
    """The service to ask: the one given, or that of the environment variable ``ASSAY_URL``, or this machine's."""
    return given or os.environ.get(_URL_VARIABLE) or _DEFAULT_URL


def completion_text(completion: object) -> str:
    """What the model wrote: a text, or the last message of the assistant's in a conversation."""
    if isinstance(completion, str):
        return completion
    messages = completion if isinstance(completion, list | tuple) else [completion]
    for message in reversed(messages):
        if isinstance(message, Mapping) and message.get("role", "assistant") == "assistant":
            return _content(message.get("content"))
    return ""


def spec_of_truth(truth: object) -> list[dict[str, Any]]:
    """The rewards that a ground truth asks for.

    Arguments:
        truth: a reward or a list of them, a suite, or tests as datasets have them (`inputs` and `outputs`,
            `assert_case`, a list of assertions, a list of inputs with outputs), as an object or as JSON. Any other
            text is the answer to a problem of mathematics; of a list of such texts any one will do.
    """
    value = _parsed(truth)
    if isinstance(value, dict):
        return [value if "type" in value else _code(value)]
    if isinstance(value, list) and value:
        if all(isinstance(each, dict) for each in value):
            return value if all("type" in each and "input" not in each for each in value) else [_code(value)]
        if all(isinstance(each, str) for each in value):
            if all(each.lstrip().startswith("assert") for each in value):
                return [_code({"assert_case": value})]
            if not isinstance(truth, str):
                return [{"type": "accuracy", "gold": value}]
    return [{"type": "accuracy", "gold": str(truth)}]


def _code(tests: dict[str, Any] | list[Any]) -> dict[str, Any]:
    row = {"reward_model": {"ground_truth": tests}, "ability": "code"}
    is_suite = isinstance(tests, dict) and "kind" in tests
    return {"type": "code", _TESTS: tests if is_suite else {"kind": "dataset", "format": "verl", "row": row}}


def _filled(reward: Asked, sample: Mapping[str, Any], suites: dict[str, Any]) -> dict[str, Any]:
    spec = dict(reward.spec)
    for name, column in reward.columns.items():
        if column != ROW and column not in sample:
            known = ", ".join(sample) or "none"
            message = (
                f"the dataset has no column {column!r} to fill {name!r} of {spec.get('type')!r}; it has: {known}"
            )
            raise ValueError(message)
        value = dict(sample) if column == ROW else sample[column]
        spec[name] = _shared(_tests(_parsed(value)), suites) if name == _TESTS else value
    return spec


def _shared(tests: dict[str, Any], suites: dict[str, Any]) -> dict[str, Any]:
    name = digest(tests)
    suites[name] = tests
    return {"kind": "shared", "name": name}


def _tests(value: Any) -> dict[str, Any]:
    if isinstance(value, dict) and "kind" in value:
        return value
    return {"kind": "dataset", "row": value if isinstance(value, dict) else {_TESTS: value}}


def _parsed(value: object) -> Any:
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _content(content: object) -> str:
    """A message's text, of which a multimodal one has several parts."""
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))
    return "" if content is None else str(content)


def digest(value: object) -> str:
    """A name for a value, such as a prompt: equal values have the same."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:32]
