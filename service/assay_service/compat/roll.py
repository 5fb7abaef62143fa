"""ROLL's remote reward worker: a job is submitted and then polled.

A job is a batch of ours. One that could not be judged is an error of the job, for which ROLL submits it again.

Source: ROLL `roll/pipeline/rlvr/rewards` (the asynchronous job worker).
"""

from datetime import UTC, datetime
from typing import Any, Final

from assay.contract import ItemResult
from assay.errors import RequestError
from assay.trainers.asking import digest, spec_of_truth
from assay_service.compat.completions import without_last_tokens
from assay_service.compat.lenient import LenientModel

__all__ = ["RollJob", "RollPoll", "done", "running"]

DONE: Final = 0
RUNNING: Final = 1
FAILED: Final = 2


class RollJob(LenientModel):
    """A request for a reward."""

    prompt: Any = None
    response: str
    reward_info: dict[str, Any]
    timeout: float = 300.0

    def to_batch(self) -> dict[str, Any]:
        """The batch of the job, with one item.

        Raises:
            RequestError: it does not say what is rewarded.
        """
        item = {
            "id": "job",
            "group": digest(self.prompt),
            "completion": without_last_tokens(self.response),
            "rewards": self._rewards(),
        }
        return {"items": [item], "deadline_s": max(self.timeout, 1.0)}

    def _rewards(self) -> list[dict[str, Any]]:
        cases = self.reward_info.get("test_cases")
        if isinstance(cases, list) and cases and all(isinstance(case, dict) for case in cases):
            asserts = [case["assert_code"] for case in cases if isinstance(case.get("assert_code"), str)]
            if len(asserts) == len(cases):
                return spec_of_truth({"assert_case": asserts})
            stdins = [case.get("stdin") or "" for case in cases]
            return spec_of_truth(
                {"inputs": stdins, "outputs": [case.get("expected_stdout") or "" for case in cases]}
            )
        for name in ("rewards", "ground_truth"):
            if (truth := self.reward_info.get(name)) is not None:
                return spec_of_truth(truth)
        hint = "give 'test_cases', 'ground_truth', or Assay's own 'rewards'"
        raise RequestError("the job does not say what is rewarded", path="reward_info", hint=hint)


class RollPoll(LenientModel):
    """A question for a job."""

    reward_request_id: str


def running() -> dict[str, Any]:
    """What is said of a job that is not done."""
    return {"errcode": RUNNING, "errmsg": "running"}


def done(result: ItemResult, begun_s: float, ended_s: float) -> dict[str, Any]:
    """What is said of a job that is done.

    Arguments:
        result: of its item.
        begun_s: when it was admitted, in seconds since the epoch.
        ended_s: when it ended.
    """
    if result.reward is None:
        return {"errcode": FAILED, "errmsg": result.error.message if result.error else "no reward"}
    parts = {each.name or each.type: {"debug_info": {"assay": {"score": each.score}}} for each in result.components}
    return {
        "errcode": DONE,
        "errmsg": "",
        "reward_score": result.reward,
        "dimention_reward_score": parts,
        "start_time": datetime.fromtimestamp(begun_s, UTC).isoformat(),
        "end_time": datetime.fromtimestamp(ended_s, UTC).isoformat(),
    }
