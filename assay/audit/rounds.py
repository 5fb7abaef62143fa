"""Rounds of an audit: in which order programs are sent, and how many at a time.

Alone, honest programs go first: where one of them fails, what follows says little. Then every probe follows the
attack whose traces it looks for. With several at a time the order is random, and honest programs go twice.
"""

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from assay.audit.corpus import AuditProgram, ProgramKind
from assay.audit.judgement import complaints, is_served
from assay.client import Client
from assay.contract import Detail, ItemResult

__all__ = ["Finding", "Round", "honest", "in_flight", "order_of", "send", "shuffled", "with_readers_after"]

TOGETHER: Final = 4
"""Programs in flight; the number of acceptance gate 2."""
OVERSUBSCRIPTION: Final = 4
"""Programs in flight for each core."""


class Round(StrEnum):
    """One way of sending the programs."""

    ALONE = "alone"
    """One at a time: honest ones first, then every reader right after its writer."""
    TOGETHER = "together"
    """Four at a time, in random order, among honest ones."""
    OVERSUBSCRIBED = "oversubscribed"
    """The same with four times as many as there are cores, as far as the service has workers for them."""


@dataclass(frozen=True)
class Finding:
    """What became of one program in a round."""

    program: AuditProgram
    result: ItemResult
    served: bool
    """Whether the service offers what the program needs; if not, nothing was learned."""
    complaints: tuple[str, ...]
    """What is wrong; empty if all is as it should be."""


def honest(programs: Sequence[AuditProgram]) -> list[AuditProgram]:
    """The benign ones."""
    return [program for program in programs if program.kind is ProgramKind.BENIGN]


def shuffled(programs: Sequence[AuditProgram], seed: int) -> list[AuditProgram]:
    """The programs in the random order of a seed."""
    order = list(programs)
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, no secret
    return order


def with_readers_after(programs: Sequence[AuditProgram]) -> list[AuditProgram]:
    """The programs with every reader of a pair right after its writer; a reader without one keeps its place."""
    by_id = {program.id: program for program in programs}
    follow = {program.pair for program in programs if program.pair in by_id}
    order: list[AuditProgram] = []
    for program in programs:
        if program.id not in follow:
            order.append(program)
            if program.pair in by_id:
                order.append(by_id[program.pair])
    return order


def order_of(kind: Round, programs: Sequence[AuditProgram], seed: int) -> list[AuditProgram]:
    """The programs in the order in which a round sends them; honest ones occur twice where many are in flight."""
    if kind is Round.ALONE:
        rest = [program for program in programs if program.kind is not ProgramKind.BENIGN]
        return honest(programs) + with_readers_after(rest)
    return shuffled([*programs, *honest(programs)], seed)


def in_flight(kind: Round, cores: int) -> int:
    """How many programs a round has in flight, where the service has so many cores."""
    match kind:
        case Round.ALONE:
            return 1
        case Round.TOGETHER:
            return TOGETHER
        case Round.OVERSUBSCRIBED:
            return OVERSUBSCRIPTION * cores


def send(client: Client, programs: Sequence[AuditProgram], flight: int) -> Iterator[Finding]:
    """Has programs graded, so many at a time, and judges each answer. Yields in the order of ``programs``.

    Raises:
        AssayError: the service cannot be reached, or refuses a request as a whole.
    """

    def one(numbered: tuple[int, AuditProgram]) -> Finding:
        number, program = numbered
        item = {**program.item, "id": f"{program.id}#{number}"}
        (result,) = client.grade([item], detail=Detail.OUTPUTS, reuse=False).results or ()
        served = is_served(program, result)
        return Finding(program, result, served, tuple(complaints(program, result)) if served else ())

    with ThreadPoolExecutor(flight) as pool:
        try:
            yield from pool.map(one, enumerate(programs))
        finally:
            pool.shutdown(cancel_futures=True)
