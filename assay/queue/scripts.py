"""The Lua scripts that change the ledger, so that every change is whole or not at all.

A batch is `running` until all its items have results (`finished`) or it is cancelled. A payload exists exactly
while its item is unanswered, so the payload hash is at once the list of what remains. A running batch does not
expire, for its shards are in the queue or with a worker; an ended one does, ``ttl_s`` after its end. Times are
the server's, so that the clocks of several machines need not agree.
"""

from typing import Final

__all__ = ["ADMIT", "CANCEL", "CLAIM", "DEPTH", "EXPIRED", "FINISH", "FORGET", "LEASE", "RECORD"]

_PRELUDE: Final = """
local function now_s()
  local time = redis.call('TIME')
  return tonumber(time[1]) + tonumber(time[2]) / 1000000
end

-- Marks the batch as ended and lets everything of it expire. KEYS[1..6] are BatchKeys.all.
local function end_batch(status, ttl_s)
  redis.call('HSET', KEYS[1], 'status', status, 'ended_s', string.format('%.6f', now_s()))
  redis.call('UNLINK', KEYS[2], KEYS[6])
  for _, key in ipairs({KEYS[1], KEYS[3], KEYS[4], KEYS[5]}) do
    redis.call('EXPIRE', key, ttl_s)
  end
  local idempotency = redis.call('HGET', KEYS[1], 'idempotency')
  if idempotency and idempotency ~= '' then redis.call('EXPIRE', idempotency, ttl_s) end
end

-- Writes the results ARGV[first], ARGV[first + 1], ... (index, result) that are the first for their item.
local function write_results(first)
  local new = 0
  for i = first, #ARGV, 2 do
    if redis.call('HSETNX', KEYS[3], ARGV[i], ARGV[i + 1]) == 1 then
      redis.call('RPUSH', KEYS[4], ARGV[i])
      redis.call('HDEL', KEYS[2], ARGV[i])
      new = new + 1
    end
  end
  return new
end
"""

ADMIT: Final = (
    _PRELUDE
    + """
-- KEYS: BatchKeys.all (items, results, log, names staged), queued, the RQ queue, RQ's set of queues,
--       and the idempotency key if there is one.
-- ARGV: batch id, fingerprint, detail, total, done, max queued, ttl_s, then per job: id, key, n, n fields
--       and values.
-- Answers {outcome, batch id}: admitted, known (the same request came before), conflict or full.
local batch_id, fingerprint, total, done = ARGV[1], ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[5])
local fresh = total - done
if redis.call('EXISTS', KEYS[1]) == 1 then return {'known', batch_id} end
local outcome, known = 'admitted', batch_id
if KEYS[10] then
  local earlier = redis.call('HMGET', KEYS[10], 'batch', 'fingerprint')
  if earlier[1] then
    known = earlier[1]
    outcome = earlier[2] == fingerprint and 'known' or 'conflict'
  end
end
local queued = tonumber(redis.call('GET', KEYS[7]) or '0')
if outcome == 'admitted' and fresh > 0 and queued + fresh > tonumber(ARGV[6]) then outcome = 'full' end
if outcome ~= 'admitted' then
  redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4], KEYS[5])
  return {outcome, known}
end
for i = 2, 5 do redis.call('PERSIST', KEYS[i]) end
redis.call('HSET', KEYS[1], 'status', 'running', 'total', total, 'done', done, 'detail', ARGV[3],
           'fingerprint', fingerprint, 'created_s', string.format('%.6f', now_s()), 'idempotency', KEYS[10] or '')
if KEYS[10] then redis.call('HSET', KEYS[10], 'batch', batch_id, 'fingerprint', fingerprint) end
if fresh == 0 then end_batch('finished', ARGV[7]) return {outcome, batch_id} end
redis.call('INCRBY', KEYS[7], fresh)
redis.call('SADD', KEYS[9], KEYS[8])
local at = 8
while at <= #ARGV do
  local fields = tonumber(ARGV[at + 2])
  redis.call('HSET', ARGV[at + 1], unpack(ARGV, at + 3, at + 2 + fields))
  redis.call('RPUSH', KEYS[8], ARGV[at])
  at = at + 3 + fields
end
return {outcome, batch_id}
"""
)

CLAIM: Final = """
-- KEYS: BatchKeys.all. ARGV: the indices of a shard. Counts an attempt of the shard.
-- Answers {detail, index, payload, index, payload, ...} of the unanswered items; {} if there are none.
local detail = redis.call('HGET', KEYS[1], 'detail')
if not detail then return {} end
local claimed = {detail}
for _, index in ipairs(ARGV) do
  local payload = redis.call('HGET', KEYS[2], index)
  if payload then
    table.insert(claimed, index)
    table.insert(claimed, payload)
  end
end
if #claimed == 1 then return {} end
redis.call('HINCRBY', KEYS[6], ARGV[1], 1)
return claimed
"""

RECORD: Final = (
    _PRELUDE
    + """
-- KEYS: BatchKeys.all, queued. ARGV: batch id, channel, ttl_s, then index and result alternately.
-- Answers {new results, 1 if the batch has ended}. What comes after the end is late and changes nothing.
local status, total = unpack(redis.call('HMGET', KEYS[1], 'status', 'total'))
if status ~= 'running' then return {0, 1} end
local new = write_results(4)
if new == 0 then return {0, 0} end
redis.call('DECRBY', KEYS[7], new)
local ended = 0
if redis.call('HINCRBY', KEYS[1], 'done', new) >= tonumber(total) then
  end_batch('finished', ARGV[3])
  ended = 1
end
redis.call('PUBLISH', ARGV[2], ARGV[1])
return {new, ended}
"""
)

CANCEL: Final = (
    _PRELUDE
    + """
-- KEYS: BatchKeys.all, queued, the RQ queue. ARGV: batch id, channel, ttl_s, prefix of job keys, then index and
-- result of (at least) every unanswered item. Drops the queued shards. Answers whether this cancelled the batch.
if redis.call('HGET', KEYS[1], 'status') ~= 'running' then return 0 end
local new = write_results(5)
redis.call('DECRBY', KEYS[7], new)
redis.call('HINCRBY', KEYS[1], 'done', new)
end_batch('cancelled', ARGV[3])
local kept = {}
for _, job in ipairs(redis.call('LRANGE', KEYS[8], 0, -1)) do
  if string.match(job, '^(.*)%-%d+%-%d+$') == ARGV[1] then
    redis.call('UNLINK', ARGV[4] .. job)
  else
    table.insert(kept, job)
  end
end
redis.call('DEL', KEYS[8])
for _, job in ipairs(kept) do redis.call('RPUSH', KEYS[8], job) end
redis.call('PUBLISH', ARGV[2], ARGV[1])
return 1
"""
)

FINISH: Final = """
-- KEYS: the worker's list of taken jobs, the job. ARGV: job id.
-- A job that was given to another worker meanwhile is that worker's to delete.
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 1 then redis.call('UNLINK', KEYS[2]) end
"""

LEASE: Final = (
    _PRELUDE
    + """
-- KEYS: workers. ARGV: worker, seconds. The worker is ready, and is believed alive for so long; 0 declares it dead.
redis.call('ZADD', KEYS[1], now_s() + tonumber(ARGV[2]), ARGV[1])
"""
)

EXPIRED: Final = (
    _PRELUDE
    + """
-- KEYS: workers. Answers the workers whose lease has ended.
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now_s())
"""
)

FORGET: Final = (
    _PRELUDE
    + """
-- KEYS: workers, the worker's list of taken jobs. ARGV: worker, seconds.
-- Forgets a worker that has been dead for so long and holds nothing.
local ended_s = redis.call('ZSCORE', KEYS[1], ARGV[1])
if ended_s and tonumber(ended_s) <= now_s() - tonumber(ARGV[2]) and redis.call('LLEN', KEYS[2]) == 0 then
  redis.call('ZREM', KEYS[1], ARGV[1])
end
"""
)

DEPTH: Final = (
    _PRELUDE
    + """
-- KEYS: queued, the RQ queue, workers. Answers {items, shards, workers alive}.
return {tonumber(redis.call('GET', KEYS[1]) or '0'), redis.call('LLEN', KEYS[2]),
        redis.call('ZCOUNT', KEYS[3], now_s(), '+inf')}
"""
)
