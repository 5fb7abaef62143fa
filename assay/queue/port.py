"""What the service and the workers ask of the queue and the ledger, as values.

A batch is a list of item payloads (JSON bytes of an `Item`). It is cut into shards, and a shard is one RQ
job that names item indices of one batch. Results are JSON bytes of an `ItemResult`, one per item, recorded
once: the first write of an item wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assay.queue.lines import EVERYONES, Line

__all__ = ["BatchState", "Claim", "NewBatch", "QueueDepth", "Quota", "Recorded", "Shard"]


@dataclass(frozen=True)
class NewBatch:
    """A batch about to be admitted."""

    batch_id: str
    items: dict[int, bytes]
    """Payloads of the well-formed items, by their place in the request."""
    results: dict[int, bytes]
    """Results that are known at admission: the errors of malformed items."""
    ids: tuple[str, ...]
    """The id of every item of the request, in order."""
    detail: str
    shards: tuple[tuple[int, ...], ...]
    """Item indices of each shard; together exactly the keys of ``items``."""
    fingerprint: str
    """Hash of the request body, to tell a retry from another use of an idempotency key."""
    idempotency_key: str | None = None
    groups: tuple[str | None, ...] = ()
    """The rollout group of every item, in order, for results that no grader writes; empty if there are none."""
    line: Line = EVERYONES
    """Whose batch it is, and how it is served."""
    work_s: Mapping[int, float] = field(default_factory=dict)
    """Expected work of the items, in seconds; of one that is not named, `Shard.work_s`."""
    suites: Mapping[str, bytes] = field(default_factory=dict)
    """Suites that the items refer to (`assay.queue.suites`), by name."""
    reuse: bool = True
    """Whether verdicts on the same content may be taken over."""
    deadlines_s: Mapping[int, float] = field(default_factory=dict)
    """Seconds after admission at which items without a result become the error `deadline_exceeded`."""

    @property
    def size_bytes(self) -> int:
        """Size of payloads and suites."""
        return sum(map(len, self.items.values())) + sum(map(len, self.suites.values()))


@dataclass(frozen=True)
class Quota:
    """What one tenant may have; None is without a bound of its own."""

    weight: float = 1.0
    """Its share of the work, in relation to the weights of the others that have work."""
    max_queued_items: int | None = None
    max_queued_mb: float | None = None
    max_queued_work_s: float | None = None
    batches_per_s: float | None = None
    burst: int = 10
    """Batches that may come at once."""


@dataclass(frozen=True)
class Shard:
    """A piece of a batch that one worker takes at a time."""

    batch_id: str
    indices: tuple[int, ...]
    work_s: float = 0.001
    """Expected work in seconds."""
    line: Line = EVERYONES

    def part(self, indices: tuple[int, ...]) -> "Shard":
        """A shard of some of its items, with a part of the work."""
        return Shard(self.batch_id, indices, self.work_s * len(indices) / len(self.indices), self.line)


@dataclass(frozen=True)
class BatchState:
    """What the ledger knows of a batch without its results."""

    batch_id: str
    status: str
    """A value of `assay.contract.BatchStatus`."""
    total: int
    done: int
    created_s: float
    """Unix time of admission."""
    ended_s: float | None
    """Unix time of the last result or of the cancellation."""
    fingerprint: str
    tenant: str


@dataclass(frozen=True)
class Recorded:
    """The outcome of recording results."""

    new: int
    """How many of them were the first for their item."""
    finished: bool
    """Whether the batch has ended, by this or by an earlier record."""
    overtaken: bool = False
    """Whether another line should be served before the rest of the shard."""


@dataclass(frozen=True)
class Claim:
    """What is left to do of a shard."""

    detail: str
    """A value of `assay.contract.Detail`; how much of each test the batch wants back."""
    reuse: bool
    """Whether verdicts on the same content may be taken over."""
    tenant: str
    attempt: int
    """How often the shard was taken up, this time included."""
    items: tuple[tuple[int, bytes], ...]
    """Index and payload of every item that has no result yet; empty if the batch has ended."""


@dataclass(frozen=True)
class QueueDepth:
    """How much work there is, and for how many."""

    items: int
    """Admitted items without a result, those in progress included."""
    bytes: int
    """Size of their payloads and suites."""
    work_s: float
    """Their expected work in seconds."""
    shards: int
    """Shards that no worker has taken yet."""
    workers: int
    """Workers that can grade and gave a sign of life within `shard_lease_s`."""
