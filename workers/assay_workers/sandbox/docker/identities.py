"""Which users the cells of a container may be: ranges that no two containers of an engine share.

The kernel counts processes, watches and pipes by user across the whole machine, so two containers with the same
users could starve each other. The engine itself keeps the ranges apart: a container's name says which one it
has, and no two containers can have one name.
"""

import random
from collections.abc import Iterator
from typing import Final, NamedTuple

__all__ = ["Identities", "choose_identities", "container_name"]

_FIRST_ID: Final = 2_000_000_000
"""Above what distributions, containers and the jail driver give out."""
_IDS: Final = 65_536
_RANGES: Final = 32_000
_REMAPPED_FIRST_ID: Final = 1_024
_REMAPPED_IDS: Final = 1_024
_REMAPPED_RANGES: Final = 63
"""A rootless engine, and one that remaps users, has 65,536 of them in a container."""


class Identities(NamedTuple):
    """One range of users."""

    number: int
    first: int
    size: int


def choose_identities(remapped: bool) -> Iterator[Identities]:
    """Ranges in random order, for the caller to take the first that is free.

    Arguments:
        remapped: whether the engine gives containers only the first 65,536 users.
    """
    first, size, ranges = (
        (_REMAPPED_FIRST_ID, _REMAPPED_IDS, _REMAPPED_RANGES) if remapped else (_FIRST_ID, _IDS, _RANGES)
    )
    for number in random.sample(range(ranges), min(ranges, 256)):
        yield Identities(number, first + number * size, size)


def container_name(identities: Identities) -> str:
    """The name of the container that has the range."""
    return f"assay-sandbox-{identities.number}"
