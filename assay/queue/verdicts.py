"""What programs were judged, by content, so that the same is not run twice: of a tenant, in bounds, for a while.

Who is about to run something says so; others who would run the same wait for the outcome instead. What came out
differently from run to run (limits, losses) is not kept, and for a while nobody waits for it either.
"""

from typing import Final, NamedTuple

import redis

from assay.queue.connection import redis_errors
from assay.queue.keys import Keys
from assay.settings import Settings

__all__ = ["MARK_S", "Recalled", "Verdicts"]

MARK_S: Final = 10.0
"""How long a run is waited for; who takes longer, or died, is not."""
VARIES_S: Final = 60.0
"""How long nobody waits for what was not kept."""
_MIB: Final = 1 << 20

_RECALL: Final = """
-- KEYS: verdict, mark. ARGV: milliseconds. Answers the verdict; 1 if somebody runs it; 0 if the caller is to.
local verdict = redis.call('GET', KEYS[1])
if verdict then return verdict end
local mark = redis.call('GET', KEYS[2])
if mark == 'runs' then return 1 end
if not mark then redis.call('SET', KEYS[2], 'runs', 'PX', ARGV[1]) end
return 0
"""

_REMEMBER: Final = """
-- KEYS: verdict, mark, the tenant's verdicts by age, their size. ARGV: verdict, ttl_s, most bytes.
local now_s, size = tonumber(redis.call('TIME')[1]), #ARGV[1]
redis.call('UNLINK', KEYS[2])
if redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2], 'NX') == false then return 0 end
local held = redis.call('INCRBY', KEYS[4], size)
redis.call('ZADD', KEYS[3], now_s, KEYS[1] .. ' ' .. size)
while true do
  local first = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
  if not first[1] or (tonumber(first[2]) > now_s - ARGV[2] and held <= tonumber(ARGV[3])) then break end
  local key, bytes = string.match(first[1], '^(.*) (%d+)$')
  redis.call('ZREM', KEYS[3], first[1])
  redis.call('UNLINK', key)
  held = redis.call('DECRBY', KEYS[4], bytes)
end
redis.call('EXPIRE', KEYS[3], ARGV[2])
redis.call('EXPIRE', KEYS[4], ARGV[2])
return 1
"""


class Recalled(NamedTuple):
    """What is known of a content."""

    verdict: bytes | None
    """What was kept."""
    runs: bool
    """Whether somebody else runs it right now."""


class Verdicts:
    """Keeps verdicts. Every method raises `QueueError` if Redis fails."""

    def __init__(self, client: redis.Redis, settings: Settings) -> None:
        self._redis = client
        self._keys = Keys(settings.queue_name)
        self._ttl_s = settings.verdict_ttl_s
        self._most_bytes = settings.max_verdicts_mb * _MIB
        self._recall = client.register_script(_RECALL)
        self._remember = client.register_script(_REMEMBER)

    @property
    def are_kept(self) -> bool:
        """Whether anything is."""
        return self._ttl_s > 0

    def recall(self, tenant: str, content: str) -> Recalled:
        """What is known of a content; if nothing is and nobody runs it, the caller is expected to.

        Arguments:
            tenant: whose it is.
            content: a hash of all that the outcome depends on.
        """
        with redis_errors():
            answer = self._recall(keys=self._keys.verdict(tenant, content)[:2], args=[int(MARK_S * 1000)])
        return Recalled(answer, False) if isinstance(answer, bytes) else Recalled(None, bool(answer))

    def remember(self, tenant: str, content: str, verdict: bytes) -> None:
        """Keeps a verdict."""
        with redis_errors():
            keys = self._keys.verdict(tenant, content)
            self._remember(keys=keys, args=[verdict, self._ttl_s, self._most_bytes])

    def vary(self, tenant: str, content: str) -> None:
        """Says that the outcome was nothing to keep."""
        with redis_errors():
            self._redis.set(self._keys.verdict(tenant, content)[1], "varies", px=int(VARIES_S * 1000))
