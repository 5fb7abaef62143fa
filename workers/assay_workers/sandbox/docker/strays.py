"""Finds and removes containers that nobody uses any more.

A worker's containers end with it by themselves, but one that was killed between creating a container and
attaching to it leaves it behind. Where the owner is on this machine, its life decides; of an owner elsewhere
only age can be known, and a container that is taken from a living worker costs it one repetition.
"""

import time
from typing import Any, Final

import docker
import structlog

from assay.errors import SandboxError
from assay_workers.sandbox.docker.engine import Engine, NameTaken
from assay_workers.sandbox.docker.owner import LABEL, OWNER_LABEL, Owner, State

__all__ = ["is_stray", "remove_strays"]

_log = structlog.get_logger(__name__)
_NEVER_STARTED_S: Final = 600.0
"""A container that was created this long ago and never started is one whose creation its owner did not hear of."""
_OLD_S: Final = 6 * 3600.0
"""A container whose owner is elsewhere is taken for a stray from this age on."""


def is_stray(container: dict[str, Any], now_s: float) -> bool:
    """Whether nobody can use a container any more, by its row in the engine's list."""
    age_s = now_s - float(container.get("Created", now_s))
    if container.get("State") == "created" and age_s > _NEVER_STARTED_S:
        return True
    owner = Owner.parse(container.get("Labels", {}).get(OWNER_LABEL, ""))
    match State.ELSEWHERE if owner is None else owner.state:
        case State.ALIVE:
            return False
        case State.DEAD:
            return True
        case State.ELSEWHERE:
            return age_s > _OLD_S


def remove_strays(engine: Engine) -> int:
    """Removes strays; returns how many. An engine that is away is left alone: its time will come."""
    try:
        found = engine.once(_ours)
    except (SandboxError, NameTaken) as error:
        _log.warning("strays_not_sought", error=str(error))
        return 0
    strays = [container["Id"] for container in found if is_stray(container, time.time())]
    for container in strays:
        engine.remove(container)
        _log.info("stray_removed", container=container[:12])
    return len(strays)


def _ours(client: docker.APIClient) -> list[dict[str, Any]]:
    containers: list[dict[str, Any]] = client.containers(all=True, filters={"label": LABEL})
    return containers
