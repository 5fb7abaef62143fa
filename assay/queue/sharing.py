"""Which line is served next: the Lua of fair sharing, by stride scheduling over estimated work.

Every tenant has a clock of its own that advances by the work its shards are expected to take, divided by its
weight; the tenant whose clock is furthest behind is served. Among the lines of a tenant the same holds with the
weights of their priorities. So shares follow work, not arrival: a tenant that has queued a hundred times as much as
another gets half.

Who comes back after a while without work is set at most ``credit_s`` behind the others. That is what a small batch
needs to be served at once beside a flood, and all that it gets.

A shard in progress is not waited for: its worker is told when somebody else is more than ``slack_s`` behind
(`OVERTAKEN`), and gives the rest of the shard back (`YIELD`), with the work it was charged for it.

Source: C. Waldspurger, W. Weihl, "Stride Scheduling: Deterministic Proportional-Share Resource Management", 1995.
"""

from typing import Final

from assay.settings import Settings

__all__ = ["OPEN_LINE", "OVERTAKEN", "PUSH", "TAKE", "YIELD", "credit_s"]

CREDIT_SHARDS: Final = 8.0


def credit_s(settings: Settings) -> float:
    """How far behind the others, in seconds of work, one who was idle may begin."""
    return CREDIT_SHARDS * settings.shard_work_s


OPEN_LINE: Final = """
local WEIGHTS = {high = 16, normal = 4, low = 1}
local MOST_TOKENS = 256

-- `sharing` is Keys.sharing: tenants with waiting shards by their clock (and, under its name and a tenant's, the
-- tenant's priorities by theirs), the hash of all clocks, and the list of tokens that idle workers wait for. In the
-- hash stand the clocks of tenants ('a') and lines ('a.high'), how far all tenants ('') and all lines of one ('a.')
-- have come, and the weights of tenants ('a/weight').
local function open_line(sharing, line, credit_s)
  local tenant, priority = string.match(line, '^(.*)%.(.*)$')
  local function enter(set, member, clock, all)
    if redis.call('ZSCORE', set, member) then return end
    local own = tonumber(redis.call('HGET', sharing[2], clock) or '0')
    local come = tonumber(redis.call('HGET', sharing[2], all) or '0')
    redis.call('ZADD', set, math.max(own, come - credit_s), member)
  end
  enter(sharing[1], tenant, tenant, '')
  enter(sharing[1] .. ':' .. tenant, priority, line, tenant .. '.')
  redis.call('RPUSH', sharing[3], '')
  redis.call('LTRIM', sharing[3], -MOST_TOKENS, -1)
end

-- Advances the clocks of a line by some work; less than none gives it back.
local function charge(sharing, line, work_s)
  local tenant, priority = string.match(line, '^(.*)%.(.*)$')
  local function advance(set, member, clock, all, cost)
    local own = redis.call('HGET', sharing[2], clock) or '0'
    local at = tonumber(redis.call('ZSCORE', set, member) or own)
    redis.call('HSET', sharing[2], clock, at + cost)
    redis.call('ZADD', set, 'XX', at + cost, member)
    if cost > 0 and at > tonumber(redis.call('HGET', sharing[2], all) or '-1e300') then
      redis.call('HSET', sharing[2], all, at)
    end
  end
  local weight = tonumber(redis.call('HGET', sharing[2], tenant .. '/weight') or '1')
  advance(sharing[1], tenant, tenant, '', work_s / weight)
  advance(sharing[1] .. ':' .. tenant, priority, line, tenant .. '.', work_s / WEIGHTS[priority])
end
"""

OVERTAKEN: Final = """
-- Whether a line is waiting that should be served before the rest of a shard of this one.
local function overtaken(sharing, line, slack_s)
  local tenant, priority = string.match(line, '^(.*)%.(.*)$')
  local function is_behind(set, member, clock)
    local first = redis.call('ZRANGE', set, 0, 0, 'WITHSCORES')
    if not first[1] or first[1] == member then return false end
    return tonumber(first[2]) + slack_s < tonumber(redis.call('HGET', sharing[2], clock) or '0')
  end
  return is_behind(sharing[1], tenant, tenant) or is_behind(sharing[1] .. ':' .. tenant, priority, line)
end
"""

TAKE: Final = (
    OPEN_LINE
    + """
-- KEYS: Keys.sharing, the worker's list of taken jobs. ARGV: what the keys of RQ's queues and jobs begin with.
-- Moves the job that is to be done next to the list. Answers its id, or nothing.
local sharing = {KEYS[1], KEYS[2], KEYS[3]}
while true do
  local tenant = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
  if not tenant then return false end
  local priorities = KEYS[1] .. ':' .. tenant
  local priority = redis.call('ZRANGE', priorities, 0, 0)[1]
  if not priority then
    redis.call('ZREM', KEYS[1], tenant)
  else
    local line = tenant .. '.' .. priority
    local queue = ARGV[1] .. line
    local job = redis.call('LMOVE', queue, KEYS[4], 'LEFT', 'RIGHT')
    if job then charge(sharing, line, tonumber(redis.call('HGET', ARGV[2] .. job, 'work_s') or '0.001')) end
    if redis.call('LLEN', queue) == 0 then redis.call('ZREM', priorities, priority) end
    if redis.call('ZCARD', priorities) == 0 then redis.call('ZREM', KEYS[1], tenant) end
    if job then return job end
  end
end
"""
)

PUSH: Final = (
    OPEN_LINE
    + """
-- KEYS: Keys.sharing, the job, its RQ queue. ARGV: line, credit_s, job id, then the job's fields and values.
-- Puts a job at the head of its line.
redis.call('HSET', KEYS[4], unpack(ARGV, 4))
redis.call('LPUSH', KEYS[5], ARGV[3])
open_line({KEYS[1], KEYS[2], KEYS[3]}, ARGV[1], tonumber(ARGV[2]))
"""
)

YIELD: Final = (
    OPEN_LINE
    + """
-- KEYS: Keys.sharing, the job of the rest, its RQ queue, the worker's list of taken jobs, the job in progress, the
-- batch's attempts. ARGV: line, credit_s, the rest's job id, id of the job in progress, first index of the rest and
-- of the job in progress, work_s of the rest, then the fields and values of the rest's job.
-- A job that was given to another worker meanwhile is that worker's to go on with.
if redis.call('LREM', KEYS[6], 1, ARGV[4]) == 0 then return 0 end
redis.call('UNLINK', KEYS[7])
local attempts = tonumber(redis.call('HGET', KEYS[8], ARGV[6]) or '1')
redis.call('HSET', KEYS[8], ARGV[5], math.max(attempts - 1, 0))
redis.call('HSET', KEYS[4], unpack(ARGV, 8))
redis.call('LPUSH', KEYS[5], ARGV[3])
local sharing = {KEYS[1], KEYS[2], KEYS[3]}
charge(sharing, ARGV[1], -tonumber(ARGV[7]))
open_line(sharing, ARGV[1], tonumber(ARGV[2]))
return 1
"""
)
