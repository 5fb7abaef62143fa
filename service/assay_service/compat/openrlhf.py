"""OpenRLHF's remote reward model: queries, prompts and labels in, rewards out.

A label says what a completion is rewarded for, as `assay.trainers.asking.spec_of_truth` reads it. OpenRLHF cannot
carry "unknown": an item that cannot be judged makes the whole answer an error, which the client asks for again.

Source: OpenRLHF 0.4 to 0.11, `openrlhf.utils.remote_rm_utils` and `openrlhf.cli.serve_rm`.
"""

from collections.abc import Sequence
from typing import Any, Final

from assay.contract import ItemResult
from assay.errors import RequestError
from assay.trainers.asking import digest, spec_of_truth
from assay_service.compat.completions import first_score, require_reward, without_last_tokens
from assay_service.json_body import parse_body

__all__ = ["ANSWER_S", "to_batch", "to_reply"]

_EMPTY: Final[dict[str, Any]] = {"rewards": [], "scores": [], "extra_logs": {}}


ANSWER_S: Final = 170.0
"""Its client waits 180 s for an answer, and asks five times."""


def to_batch(body: bytes | bytearray) -> dict[str, Any]:
    """The batch of a request; without items if it has no queries, which some versions send.

    Raises:
        RequestError: it is no such request.
    """
    fields = parse_body(body)
    queries = _texts(fields, "query")
    if not queries:
        return {"items": []}
    prompts = fields.get("prompts") or [""] * len(queries)
    labels = fields.get("labels")
    if not isinstance(labels, list) or len(labels) != len(queries) or not all(labels):
        hint = "name the column that says what is right by --data.label_key"
        raise RequestError("there must be a label for every query", path="labels", hint=hint)
    if not isinstance(prompts, list) or len(prompts) != len(queries):
        raise RequestError("there must be as many prompts as queries", path="prompts")
    items = [
        {
            "id": str(place),
            "group": digest(prompt),
            "completion": _completion(query, prompt),
            "rewards": spec_of_truth(label),
        }
        for place, (query, prompt, label) in enumerate(zip(queries, prompts, labels, strict=True))
    ]
    return {"items": items}


def to_reply(results: Sequence[ItemResult]) -> dict[str, Any]:
    """The answer to a request.

    Arguments:
        results: those of its batch, in order.

    Raises:
        AssayError: an item has no reward.
    """
    reply: dict[str, Any] = {name: [] for name in _EMPTY} | {"extra_logs": {"correct": []}}
    if not results:
        return dict(_EMPTY)
    for result in results:
        reward = require_reward(result, f"query {result.index}")
        score = first_score(result)
        reply["rewards"].append(reward)
        reply["scores"].append(reward if score is None else score)
        reply["extra_logs"]["correct"].append(float(score == 1.0))
    return reply


def _texts(fields: dict[str, Any], name: str) -> list[str]:
    given = fields.get(name)
    values = [given] if isinstance(given, str) else given
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise RequestError(f"'{name}' must be a list of texts", path=name)
    return values


def _completion(query: str, prompt: object) -> str:
    completion = query.removeprefix(prompt) if isinstance(prompt, str) else query
    return without_last_tokens(completion)
