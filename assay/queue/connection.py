"""Connections to Redis, and the one place where its errors become ours.

A `redis_url` is one of redis-py's (`redis://`, `rediss://` for TLS, `unix://`, with user, password, database and
options such as `ssl_ca_certs`), or names sentinels::

    redis+sentinel://user:password@one:26379,two:26379/mymaster/0?sentinel_password=…

There `rediss+sentinel` speaks TLS with Redis and with the sentinels. Other options are redis-py's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import redis
import redis.asyncio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.asyncio.sentinel import Sentinel as AsyncSentinel
from redis.backoff import ExponentialBackoff
from redis.exceptions import OutOfMemoryError, ReadOnlyError, RedisError
from redis.retry import Retry
from redis.sentinel import Sentinel

from assay.errors import QueueError
from assay.settings import Settings

__all__ = ["Sentinels", "close_async", "connect", "connect_async", "parse_sentinels", "redis_errors"]

RETRIES: Final = 6
FIRST_PAUSE_S: Final = 0.02
LONGEST_PAUSE_S: Final = 0.5
"""Six retries with these pauses outlast a restart of the server's process, and end within two seconds."""
TIMEOUT_S: Final = 30.0
"""No command of ours takes this long; a connection that is silent for longer is broken."""
_SENTINEL_SCHEMES: Final = ("redis+sentinel", "rediss+sentinel")
_SENTINEL_PORT: Final = 26379


class Sentinels(NamedTuple):
    """What a URL says of sentinels."""

    addresses: tuple[tuple[str, int], ...]
    service: str
    """What they call the Redis."""
    options: dict[str, Any]
    """Of the connections to Redis."""
    own: dict[str, Any]
    """Of those to the sentinels."""


def parse_sentinels(url: str) -> Sentinels | None:
    """The sentinels a URL names; None if it names a Redis.

    Raises:
        QueueError: it names sentinels, but not completely.
    """
    parts = urlsplit(url)
    if parts.scheme not in _SENTINEL_SCHEMES:
        return None
    service, _, database = parts.path.strip("/").partition("/")
    credentials, _, hosts = parts.netloc.rpartition("@")
    addresses = tuple(_address(host) for host in hosts.split(",") if host)
    if not addresses or not service or (database and not database.isdigit()):
        hint = "write redis+sentinel://host:26379,host:26379/name-of-the-service/0"
        raise QueueError("`redis_url` does not say which sentinels watch over what", hint=hint)
    given = dict(parse_qsl(parts.query))
    own: dict[str, Any] = {
        name.removeprefix("sentinel_"): given.pop(name) for name in list(given) if name.startswith("sentinel_")
    }
    user, _, password = credentials.partition(":")
    options: dict[str, Any] = {**given, "db": int(database or 0)}
    options |= {name: unquote(value) for name, value in (("username", user), ("password", password)) if value}
    if parts.scheme.startswith("rediss"):
        tls = {"ssl": True, **{name: value for name, value in given.items() if name.startswith("ssl_")}}
        options, own = options | tls, own | tls
    return Sentinels(addresses, service, options, own)


def connect(settings: Settings) -> redis.Redis:
    """Makes a client for workers; it connects with the first command.

    Raises:
        QueueError: no ``redis_url`` is set, or it is none.
    """
    url = _url(settings)
    retry = Retry(ExponentialBackoff(cap=LONGEST_PAUSE_S, base=FIRST_PAUSE_S), RETRIES)
    options: dict[str, Any] = {"socket_timeout": TIMEOUT_S, "retry": retry, "retry_on_error": [ReadOnlyError]}
    with _url_errors():
        client: redis.Redis
        if (found := parse_sentinels(url)) is None:
            client = redis.Redis.from_url(url, **options)
        else:
            own = {"socket_timeout": LONGEST_PAUSE_S, **found.own}
            watching = Sentinel(found.addresses, sentinel_kwargs=own)  # type: ignore[no-untyped-call]  # of redis-py
            client = watching.master_for(found.service, **{**options, **found.options})  # type: ignore[no-untyped-call]
    return client


def connect_async(settings: Settings) -> redis.asyncio.Redis:
    """Makes a client for the service; it connects with the first command.

    Raises:
        QueueError: no ``redis_url`` is set, or it is none.
    """
    url = _url(settings)
    retry = AsyncRetry(ExponentialBackoff(cap=LONGEST_PAUSE_S, base=FIRST_PAUSE_S), RETRIES)
    options: dict[str, Any] = {"socket_timeout": TIMEOUT_S, "retry": retry, "retry_on_error": [ReadOnlyError]}
    with _url_errors():
        client: redis.asyncio.Redis
        if (found := parse_sentinels(url)) is None:
            client = redis.asyncio.Redis.from_url(url, **options)
        else:
            own = {"socket_timeout": LONGEST_PAUSE_S, **found.own}
            watching = AsyncSentinel(found.addresses, sentinel_kwargs=own)  # type: ignore[no-untyped-call]
            client = watching.master_for(found.service, **{**options, **found.options})
    return client


async def close_async(client: redis.asyncio.Redis) -> None:
    """Closes a client, and with it the connections to the sentinels that it asked for its Redis."""
    watching = getattr(client.connection_pool, "sentinel_manager", None)
    await client.aclose()
    for sentinel in () if watching is None else watching.sentinels:
        await sentinel.aclose()


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


@contextmanager
def _url_errors() -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError) as error:
        hint = "write redis://, rediss://, unix:// or redis+sentinel://, see docs/scale.md"
        raise QueueError(f"`redis_url` is no URL of a Redis: {error}", hint=hint) from error


def _url(settings: Settings) -> str:
    if settings.redis_url is None:
        raise QueueError("no Redis is configured", hint="set `redis_url`, or let `assay up` start its own")
    return settings.redis_url


def _address(host: str) -> tuple[str, int]:
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        return host.strip("[]"), _SENTINEL_PORT
    if not port.isdigit():
        raise QueueError(f"{host!r} in `redis_url` is no address of a sentinel", hint="write host:26379")
    return name.strip("[]"), int(port)
