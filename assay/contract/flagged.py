"""Problems whose submissions were flagged, as `GET /v1/flags` shows them."""

from assay.contract.base import WireModel
from assay.contract.result import Flag

__all__ = ["FlagReport", "FlaggedProblem"]


class FlaggedProblem(WireModel):
    """What was seen of the submissions to one problem, over all batches."""

    problem: str
    """The rollout group; of items without one, `tests:` and the beginning of the SHA-256 of their rewards."""
    items: int
    """How many results were flagged; one that is graded twice after a worker was lost may count twice."""
    flags: dict[Flag, int]
    """How many of them had which flag."""
    last_batch: str
    """The batch of the most recent of them."""
    last_item: str
    """Its id there: the sample to look at first."""


class FlagReport(WireModel):
    """Problems with flagged submissions, those with the most first."""

    problems: tuple[FlaggedProblem, ...]
