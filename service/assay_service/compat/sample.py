"""One sample in, one score out: slime's `remote_rm`, and xtuner's judger with a URL.

Both send the response and the label, which says what is rewarded (`assay.trainers.asking.spec_of_truth`).
Neither can carry "unknown": a sample that cannot be judged is an error, which slime asks for again ten times, and
which xtuner raises.

Source: slime `rollout/rm_hub` (`remote_rm`), xtuner `NativeJudger`.
"""

import json
from typing import Any

from assay.contract import ItemResult
from assay.errors import RequestError
from assay.trainers.asking import digest, spec_of_truth
from assay_service.compat.completions import first_score, require_reward, without_last_tokens
from assay_service.json_body import parse_body

__all__ = ["to_batch", "to_reply"]


def to_batch(body: bytes | bytearray) -> bytes:
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
    return json.dumps({"items": [item]}).encode()


def to_reply(result: bytes) -> dict[str, Any]:
    """The answer to a request.

    Raises:
        AssayError: the sample could not be judged.
    """
    judged = ItemResult.model_validate_json(result)
    reward = require_reward(judged, "the sample")
    return {"score": reward, "correct": float(first_score(judged) == 1.0)}
