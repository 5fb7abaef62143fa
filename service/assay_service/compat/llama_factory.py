"""LLaMA-Factory's reward model by API: whole texts in, scores out.

The request says nothing of what is right, so that only rewards of text can be asked for, in the address.

Source: LLaMA-Factory `train/ppo/ppo_utils.py` (`get_rewards_from_server`).
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from assay.contract import ItemResult
from assay.errors import RequestError
from assay_service.compat.completions import require_reward, without_last_tokens
from assay_service.compat.lenient import LenientModel

__all__ = ["Score"]

_HINT: Final = 'such as ?rewards=[{"type": "format"}], percent-encoded'


class Score(LenientModel):
    """A request."""

    model: str = ""
    messages: list[str]

    def to_batch(self, rewards: str) -> dict[str, Any]:
        """The batch of the request.

        Raises:
            RequestError: ``rewards`` is no JSON list of rewards.
        """
        try:
            specs = json.loads(rewards)
        except ValueError as error:
            raise RequestError(f"'rewards' is not JSON: {error}", path="rewards", hint=_HINT) from error
        if not isinstance(specs, list) or not specs:
            raise RequestError("'rewards' must be a list of rewards", path="rewards", hint=_HINT)
        texts = enumerate(map(without_last_tokens, self.messages))
        return {"items": [{"id": str(place), "completion": text, "rewards": specs} for place, text in texts]}

    def to_reply(self, results: Sequence[ItemResult]) -> dict[str, Any]:
        """The answer to the request.

        Raises:
            AssayError: an item has no reward.
        """
        return {"scores": [require_reward(result, f"text {result.index}") for result in results]}
