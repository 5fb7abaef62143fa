"""Uploaded suites in Redis: by tenant and hash, forgotten when nobody has referred to them for a while."""

from typing import Final

import redis.asyncio

from assay.errors import QueueError
from assay.queue.connection import redis_errors
from assay.queue.keys import Keys
from assay.settings import Settings

__all__ = ["SuiteStore"]

_MIB: Final = 1 << 20

_PUT: Final = """
-- KEYS: the suite, the tenant's suites by the time of their end, their sizes. ARGV: hash, text, ttl_s, most bytes.
-- Answers {1 if it is new, bytes held}, or {-1, bytes held} if there is no room.
local now_s = tonumber(redis.call('TIME')[1])
for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now_s)) do
  redis.call('ZREM', KEYS[2], old)
  redis.call('HDEL', KEYS[3], old)
end
local held, is_new = 0, 0
for _, size in ipairs(redis.call('HVALS', KEYS[3])) do held = held + tonumber(size) end
if redis.call('EXISTS', KEYS[1]) == 0 then
  if held + #ARGV[2] > tonumber(ARGV[4]) then return {-1, held} end
  redis.call('SET', KEYS[1], ARGV[2])
  is_new = 1
end
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('ZADD', KEYS[2], now_s + tonumber(ARGV[3]), ARGV[1])
redis.call('HSET', KEYS[3], ARGV[1], #ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('EXPIRE', KEYS[3], ARGV[3])
return {is_new, held}
"""

_GET: Final = """
-- KEYS as of the script above. ARGV: hash, ttl_s. Answers the text, which is kept for so long from now on.
local text = redis.call('GET', KEYS[1])
if text then
  redis.call('ZADD', KEYS[2], tonumber(redis.call('TIME')[1]) + tonumber(ARGV[2]), ARGV[1])
  for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[2]) end
end
return text
"""


class SuiteStore:
    """Keeps what tenants uploaded. Every method raises `QueueError` if Redis fails."""

    def __init__(self, client: redis.asyncio.Redis, settings: Settings) -> None:
        self._redis = client
        self._keys = Keys(settings.queue_name)
        self._ttl_s = settings.suite_ttl_s
        self._most_bytes = settings.max_suites_mb * _MIB
        self._put = client.register_script(_PUT)
        self._get = client.register_script(_GET)

    async def put(self, tenant: str, sha256: str, text: bytes) -> bool:
        """Keeps a suite, or keeps it longer; whether it is new.

        Raises:
            QueueError: ``queue_full``, the tenant has as many as it may.
        """
        with redis_errors():
            keys = self._keys.suite(tenant, sha256)
            outcome, held = await self._put(keys=keys, args=[sha256, text, self._ttl_s, self._most_bytes])
        if outcome < 0:
            most_mb = self._most_bytes // _MIB
            message = f"{len(text)} bytes more than the {held} that are kept would exceed {most_mb} MiB of suites"
            raise QueueError(message, code="queue_full", hint="delete some, or let them expire (`suite_ttl_s`)")
        return bool(outcome)

    async def get(self, tenant: str, sha256: str) -> bytes | None:
        """A suite, which counts as used; None if there is none."""
        with redis_errors():
            text: bytes | None = await self._get(keys=self._keys.suite(tenant, sha256), args=[sha256, self._ttl_s])
        return text

    async def look(self, tenant: str, sha256: str) -> tuple[int, int]:
        """Size of a suite, and seconds until it is forgotten, which stay as they are; zeros if there is none."""
        text = self._keys.suite(tenant, sha256)[0]
        with redis_errors():
            async with self._redis.pipeline() as pipeline:
                pipeline.strlen(text)
                pipeline.ttl(text)
                size_bytes, left_s = await pipeline.execute()
        return size_bytes, max(0, left_s)

    async def delete(self, tenant: str, sha256: str) -> bool:
        """Forgets a suite; whether there was one. Batches that refer to it have their copy."""
        text, ends, sizes = self._keys.suite(tenant, sha256)
        with redis_errors():
            async with self._redis.pipeline() as pipeline:
                pipeline.unlink(text)
                pipeline.zrem(ends, sha256)
                pipeline.hdel(sizes, sha256)
                existed, *_ = await pipeline.execute()
        return bool(existed)
