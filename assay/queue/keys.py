"""Every key of Assay in Redis, in one place; all begin with ``settings.queue_name``.

RQ's own keys (`rq:queue:<name>`, `rq:job:<id>`) are RQ's to name; `assay.queue.engine` asks it for them.
"""

from dataclasses import dataclass

__all__ = ["BatchKeys", "FlagKeys", "Keys"]


@dataclass(frozen=True)
class BatchKeys:
    """The keys of one batch."""

    meta: str
    """Hash: status, total, done, created_s, ended_s, fingerprint, detail, idempotency key, line, fresh (items
    without a result at admission), work_s (of these), suite_bytes, deadlines, reuse."""
    items: str
    """Hash: payload of every item that has no result yet, by index."""
    results: str
    """Hash: result of every answered item, by index. First write wins."""
    log: str
    """List: indices in the order in which their results came."""
    names: str
    """JSON: id and group of every item, in request order."""
    attempts: str
    """Hash: how often the shard that begins with an index was taken up."""

    @property
    def suites(self) -> str:
        """Hash: suites that items refer to, by name. The scripts derive it from ``meta``."""
        return f"{self.meta}:suites"

    @property
    def all(self) -> tuple[str, ...]:
        """The keys in the order in which the scripts expect them."""
        return (self.meta, self.items, self.results, self.log, self.names, self.attempts)


@dataclass(frozen=True)
class FlagKeys:
    """The keys of one tenant's flags."""

    ranking: str
    """Sorted set: problems with flagged results, by their number."""

    def problem(self, name: str) -> str:
        """Hash: how many flagged results the problem has, by flag, and the last of them."""
        return f"{self.ranking}:{name}"


@dataclass(frozen=True)
class Keys:
    """The keys of one Assay."""

    prefix: str

    def batch(self, batch_id: str) -> BatchKeys:
        """The keys of the batch ``batch_id``."""
        stem = f"{self.prefix}:batch:{batch_id}"
        return BatchKeys(
            meta=stem,
            items=f"{stem}:items",
            results=f"{stem}:results",
            log=f"{stem}:log",
            names=f"{stem}:names",
            attempts=f"{stem}:attempts",
        )

    def idempotency(self, tenant: str, digest: str) -> str:
        """Hash: batch and fingerprint of a tenant's idempotency key, which is named by its digest."""
        return f"{self.prefix}:idempotency:{tenant}:{digest}"

    def taken(self, worker: str) -> str:
        """List: ids of the jobs that the worker has taken and not finished."""
        return f"{self.prefix}:taken:{worker}"

    def suite(self, tenant: str, sha256: str) -> tuple[str, str, str]:
        """An uploaded suite; the sorted set of the tenant's suites by their end; the hash of their sizes."""
        stem = f"{self.prefix}:suites:{tenant}"
        return f"{stem}:{sha256}", stem, f"{stem}:sizes"

    def verdict(self, tenant: str, content: str) -> tuple[str, str, str, str]:
        """A verdict by content; who is about to give it; the sorted set of the tenant's by age; their size."""
        stem = f"{self.prefix}:verdicts:{tenant}"
        return f"{stem}:{content}", f"{stem}:{content}:mark", stem, f"{stem}:bytes"

    def unanswered(self, tenant: str, digest: str) -> str:
        """List: batches whose callers were told to come again; named by a digest of what they asked."""
        return f"{self.prefix}:unanswered:{tenant}:{digest}"

    def flags_of(self, tenant: str) -> "FlagKeys":
        """The keys of a tenant's flags."""
        return FlagKeys(f"{self.prefix}:flags:{tenant}")

    @property
    def queued(self) -> str:
        """Hash: how many items, bytes and seconds of work (`items`, `bytes`, `work_s`) are admitted and have no
        result yet, in all and by tenant (`items@tenant`)."""
        return f"{self.prefix}:queued"

    @property
    def sharing(self) -> tuple[str, str, str]:
        """What decides which line is served next (`assay.queue.sharing`): tenants with waiting shards, clocks, and
        the tokens that wake idle workers."""
        return (f"{self.prefix}:tenants", f"{self.prefix}:clocks", f"{self.prefix}:bell")

    @property
    def bell(self) -> str:
        """List: a token per shard that came, for idle workers to wait for."""
        return self.sharing[2]

    @property
    def deadlines(self) -> str:
        """Sorted set: batches by the time (of the server) of their next deadline."""
        return f"{self.prefix}:deadlines"

    @property
    def rates(self) -> str:
        """Hash: the time until which a tenant has used up its rate of requests."""
        return f"{self.prefix}:rates"

    @property
    def workers(self) -> str:
        """Sorted set: ready workers, by the time (of the server) at which their lease ends."""
        return f"{self.prefix}:workers"

    @property
    def progress(self) -> str:
        """Channel: the id of a batch, whenever something happened to it."""
        return f"{self.prefix}:progress"
