"""Connections to Redis, and the one place where its errors become ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import redis
import redis.asyncio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import ExponentialBackoff
from redis.exceptions import OutOfMemoryError, RedisError
from redis.retry import Retry

from assay.errors import QueueError
from assay.settings import Settings

__all__ = ["connect", "connect_async", "redis_errors"]

RETRIES: Final = 6
FIRST_PAUSE_S: Final = 0.02
LONGEST_PAUSE_S: Final = 0.5
"""Six retries with these pauses outlast a restart of the server's process, and end within two seconds."""
TIMEOUT_S: Final = 30.0
"""No command of ours takes this long; a connection that is silent for longer is broken."""


def _url(settings: Settings) -> str:
    if settings.redis_url is None:
        raise QueueError("no Redis is configured", hint="set `redis_url`, or let `assay up` start its own")
    return settings.redis_url


def connect(settings: Settings) -> redis.Redis:
    """Makes a client for workers; it connects with the first command.

    Raises:
        QueueError: no ``redis_url`` is set.
    """
    client: redis.Redis = redis.Redis.from_url(
        _url(settings),
        socket_timeout=TIMEOUT_S,
        retry=Retry(ExponentialBackoff(cap=LONGEST_PAUSE_S, base=FIRST_PAUSE_S), RETRIES),
    )
    return client


def connect_async(settings: Settings) -> redis.asyncio.Redis:
    """Makes a client for the service; it connects with the first command.

    Raises:
        QueueError: no ``redis_url`` is set.
    """
    client: redis.asyncio.Redis = redis.asyncio.Redis.from_url(
        _url(settings),
        socket_timeout=TIMEOUT_S,
        retry=AsyncRetry(ExponentialBackoff(cap=LONGEST_PAUSE_S, base=FIRST_PAUSE_S), RETRIES),
    )
    return client


@contextmanager
def redis_errors() -> Iterator[None]:
    """Turns errors of Redis into `QueueError`.

    Raises:
        QueueError: `queue_full` if Redis has no memory left, else `queue_unavailable`.
    """
    try:
        yield
    except OutOfMemoryError as error:
        raise QueueError("Redis has no memory left", code="queue_full", hint="try again later") from error
    except RedisError as error:
        if "OOM" in str(error):  # from within a script it is no OutOfMemoryError
            raise QueueError("Redis has no memory left", code="queue_full", hint="try again later") from error
        raise QueueError(f"Redis failed: {error}", hint="see that it runs and takes writes") from error
