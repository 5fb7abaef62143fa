"""One sample in, one score out: slime's `remote_rm`, and xtuner's judger with a URL.

Both send the response and the label, which says what is rewarded (`assay.trainers.asking.spec_of_truth`).
Neither can carry "unknown": a sample that cannot be judged is an error, which slime asks for again ten times, and
which xtuner raises.

Source: slime `rollout/rm_hub` (`remote_rm`), xtuner `NativeJudger`.
"""

from typing import Any, Final

from assay.contract import ItemResult
from assay.errors import RequestError
from assay.trainers.asking import digest, spec_of_truth
from assay_service.compat.completions import first_score, require_reward, without_last_tokens
from assay_service.json_body import parse_body

__all__ = ["SLIME_S", "XTUNER_S", "to_batch", "to_reply"]

SLIME_S: Final = 110.0
"""slime waits 120 s for an answer, and asks ten times."""
XTUNER_S: Final = 25.0
"""xtuner waits 30 s, once."""


def to_batch(body: bytes | bytearray) -> dict[str, Any]:
    """The batch of a request, with one item.

    Raises:
        RequestError: it is no such request.
    """
    fields = parse_body(body)
    response, label = fields.get("response"), fields.get("label")
    if not isinstance(response, str):
        raise RequestError("'response' must be a text", path="response")
    if label is None or label == "":
        hint = "name the column that says what is right (slime: --label-key)"
        raise RequestError("the sample has no label", path="label", hint=hint)
    item = {
        "id": "sample",
        "group": digest(fields.get("prompt")),
        "completion": without_last_tokens(response),
        "rewards": spec_of_truth(label),
    }
    return {"items": [item]}


def to_reply(result: ItemResult) -> dict[str, Any]:
    """The answer to a request.

    Raises:
        AssayError: the sample has no reward.
    """
    reward = require_reward(result, "the sample")
    return {"score": reward, "correct": float(first_score(result) == 1.0)}
