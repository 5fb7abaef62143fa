"""The Lua scripts that change the ledger, so that every change is whole or not at all.

A batch is `running` until all its items have results (`finished`) or it is cancelled. A payload exists exactly
while its item is unanswered, so the payload hash is at once the list of what remains. A running batch does not
expire, for its shards are in the queue or with a worker; an ended one does, ``ttl_s`` after its end. Times are
the server's, so that the clocks of several machines need not agree.
"""

from typing import Final

from assay.queue.sharing import OPEN_LINE, OVERTAKEN

__all__ = ["ADMIT", "CANCEL", "CLAIM", "DEPTH", "DUE", "EXPIRED", "FINISH", "FORGET", "LEASE", "RECORD"]

_PRELUDE: Final = """
local function now_s()
  local time = redis.call('TIME')
  return tonumber(time[1]) + tonumber(time[2]) / 1000000
end

-- Marks the batch as ended and lets everything of it expire. KEYS[1..6] are BatchKeys.all, KEYS[7] is Keys.queued.
local function end_batch(status, ttl_s)
  redis.call('HSET', KEYS[1], 'status', status, 'ended_s', string.format('%.6f', now_s()))
  redis.call('UNLINK', KEYS[2], KEYS[6], KEYS[1] .. ':suites')
  local line, suite_bytes = unpack(redis.call('HMGET', KEYS[1], 'line', 'suite_bytes'))
  for _, field in ipairs({'bytes', 'bytes@' .. string.match(line, '^(.*)%.')}) do
    if redis.call('HEXISTS', KEYS[7], field) == 1 then
      redis.call('HINCRBY', KEYS[7], field, -tonumber(suite_bytes))
    end
  end
  for _, key in ipairs({KEYS[1], KEYS[3], KEYS[4], KEYS[5]}) do
    redis.call('EXPIRE', key, ttl_s)
  end
  local idempotency = redis.call('HGET', KEYS[1], 'idempotency')
  if idempotency and idempotency ~= '' then redis.call('EXPIRE', idempotency, ttl_s) end
end

-- Takes items off what is queued, in all and of the batch's tenant. `queued` is Keys.queued.
local function settle(queued, items, bytes)
  local line, fresh, work_s = unpack(redis.call('HMGET', KEYS[1], 'line', 'fresh', 'work_s'))
  local tenant = string.match(line, '^(.*)%.')
  for _, whose in ipairs({'', '@' .. tenant}) do
    if redis.call('HINCRBY', queued, 'items' .. whose, -items) > 0 then
      redis.call('HINCRBY', queued, 'bytes' .. whose, -bytes)
      redis.call('HINCRBYFLOAT', queued, 'work_s' .. whose, -tonumber(work_s) * items / tonumber(fresh))
    else
      redis.call('HDEL', queued, 'items' .. whose, 'bytes' .. whose, 'work_s' .. whose)
    end
  end
end

-- Writes the results ARGV[first], ARGV[first + 1], ... (index, result) that are the first for their item.
local function write_results(first, queued)
  local new, bytes = 0, 0
  for i = first, #ARGV, 2 do
    if redis.call('HSETNX', KEYS[3], ARGV[i], ARGV[i + 1]) == 1 then
      redis.call('RPUSH', KEYS[4], ARGV[i])
      bytes = bytes + redis.call('HSTRLEN', KEYS[2], ARGV[i])
      redis.call('HDEL', KEYS[2], ARGV[i])
      new = new + 1
    end
  end
  if new > 0 then settle(queued, new, bytes) end
  return new
end
"""

ADMIT: Final = (
    _PRELUDE
    + OPEN_LINE
    + """
-- KEYS: BatchKeys.all (items, results, log, names and suites staged), queued, Keys.sharing, deadlines, rates, the
--       RQ queue, RQ's set of queues, and the idempotency key if there is one.
-- ARGV: the batch (JSON), then per job: id, key, n, n fields and values.
-- Answers {outcome, batch id or detail}: admitted, known (the same request came before), conflict, full (and which
-- bound, and how much stands against it), or rate (and the seconds to wait).
local batch = cjson.decode(ARGV[1])
local fresh = batch.total - batch.done
if redis.call('EXISTS', KEYS[1]) == 1 then return {'known', batch.id} end
local sharing, idempotency = {KEYS[8], KEYS[9], KEYS[10]}, KEYS[15]

local function refusal()
  if idempotency then
    local earlier = redis.call('HMGET', idempotency, 'batch', 'fingerprint')
    if earlier[1] then return {earlier[2] == batch.fingerprint and 'known' or 'conflict', earlier[1]} end
  end
  if fresh == 0 then return nil end
  for _, bound in ipairs(batch.bounds) do
    local queued = tonumber(redis.call('HGET', KEYS[7], bound.field) or '0')
    if queued + bound.amount > bound.most then return {'full', bound.field, tostring(queued)} end
  end
  if batch.rate > 0 then
    local used_until_s = math.max(tonumber(redis.call('HGET', KEYS[12], batch.tenant) or '0'), now_s())
    local wait_s = used_until_s - now_s() - batch.burst / batch.rate
    if wait_s > 0 then return {'rate', tostring(wait_s)} end
    redis.call('HSET', KEYS[12], batch.tenant, used_until_s + 1 / batch.rate)
  end
end

local refused = refusal()
if refused then
  redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[1] .. ':suites')
  return refused
end
for i = 2, 5 do redis.call('PERSIST', KEYS[i]) end
redis.call('PERSIST', KEYS[1] .. ':suites')
local created_s = now_s()
redis.call('HSET', KEYS[1], 'status', 'running', 'total', batch.total, 'done', batch.done, 'detail', batch.detail,
           'fingerprint', batch.fingerprint, 'created_s', string.format('%.6f', created_s),
           'idempotency', idempotency or '', 'line', batch.line, 'fresh', fresh, 'work_s', batch.work_s,
           'suite_bytes', fresh > 0 and batch.suite_bytes or 0,
           'deadlines', batch.deadlines, 'reuse', batch.reuse and 1 or 0)
if idempotency then redis.call('HSET', idempotency, 'batch', batch.id, 'fingerprint', batch.fingerprint) end
if fresh == 0 then end_batch('finished', batch.ttl_s) return {'admitted', batch.id} end
for _, bound in ipairs(batch.bounds) do
  if string.sub(bound.field, 1, 6) == 'work_s' then
    redis.call('HINCRBYFLOAT', KEYS[7], bound.field, bound.amount)
  else
    redis.call('HINCRBY', KEYS[7], bound.field, bound.amount)
  end
end
if batch.deadline_s > 0 then redis.call('ZADD', KEYS[11], created_s + batch.deadline_s, batch.id) end
redis.call('HSET', KEYS[9], batch.tenant .. '/weight', batch.weight)
redis.call('SADD', KEYS[14], KEYS[13])
local at = 2
while at <= #ARGV do
  local fields = tonumber(ARGV[at + 2])
  redis.call('HSET', ARGV[at + 1], unpack(ARGV, at + 3, at + 2 + fields))
  redis.call('RPUSH', KEYS[13], ARGV[at])
  open_line(sharing, batch.line, batch.credit_s)
  at = at + 3 + fields
end
return {'admitted', batch.id}
"""
)

CLAIM: Final = """
-- KEYS: BatchKeys.all. ARGV: the indices of a shard. Counts an attempt of the shard.
-- Answers {detail, line, reuse, attempt, index, payload, ...} of the unanswered items; {} if there are none.
local detail, line, reuse = unpack(redis.call('HMGET', KEYS[1], 'detail', 'line', 'reuse'))
if not detail then return {} end
local claimed = {detail, line, reuse, 0}
for _, index in ipairs(ARGV) do
  local payload = redis.call('HGET', KEYS[2], index)
  if payload then
    table.insert(claimed, index)
    table.insert(claimed, payload)
  end
end
if #claimed == 4 then return {} end
claimed[4] = redis.call('HINCRBY', KEYS[6], ARGV[1], 1)
return claimed
"""

RECORD: Final = (
    _PRELUDE
    + OVERTAKEN
    + """
-- KEYS: BatchKeys.all, queued, Keys.sharing. ARGV: batch id, channel, ttl_s, slack_s, then index, result, ...
-- Answers {new results, 1 if the batch has ended, 1 if another line should be served before the rest of the shard}.
-- What comes after the end is late and changes nothing.
local status, total, line = unpack(redis.call('HMGET', KEYS[1], 'status', 'total', 'line'))
if status ~= 'running' then return {0, 1, 0} end
local new = write_results(5, KEYS[7])
local others_first = overtaken({KEYS[8], KEYS[9], KEYS[10]}, line, tonumber(ARGV[4])) and 1 or 0
if new == 0 then return {0, 0, others_first} end
local ended = 0
if redis.call('HINCRBY', KEYS[1], 'done', new) >= tonumber(total) then
  end_batch('finished', ARGV[3])
  ended = 1
end
redis.call('PUBLISH', ARGV[2], ARGV[1])
return {new, ended, others_first}
"""
)

CANCEL: Final = (
    _PRELUDE
    + """
-- KEYS: BatchKeys.all, queued. ARGV: batch id, channel, ttl_s, what the keys of RQ's queues and of its jobs begin
-- with, then index and result of (at least) every unanswered item. Drops the queued shards. Answers whether this
-- cancelled the batch.
local status, line = unpack(redis.call('HMGET', KEYS[1], 'status', 'line'))
if status ~= 'running' then return 0 end
local new = write_results(6, KEYS[7])
redis.call('HINCRBY', KEYS[1], 'done', new)
end_batch('cancelled', ARGV[3])
local queue, kept = ARGV[4] .. line, {}
for _, job in ipairs(redis.call('LRANGE', queue, 0, -1)) do
  if string.match(job, '^(.*)%-%d+%-%d+$') == ARGV[1] then
    redis.call('UNLINK', ARGV[5] .. job)
  else
    table.insert(kept, job)
  end
end
redis.call('DEL', queue)
for _, job in ipairs(kept) do redis.call('RPUSH', queue, job) end
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
-- KEYS: workers. ARGV: the longest lease there is, in seconds. Answers the workers whose lease has ended.
-- A lease that ends later than any can is of before the clock was set back.
local latest_s = now_s() + tonumber(ARGV[1])
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. latest_s + 1, '+inf')) do
  redis.call('ZADD', KEYS[1], latest_s, worker)
end
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now_s())
"""
)

DUE: Final = (
    _PRELUDE
    + """
-- KEYS: deadlines. Answers the time, and the batches of which a deadline has passed.
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now_s(), 'LIMIT', 0, 100)
return {string.format('%.6f', now_s()), unpack(due)}
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
-- KEYS: queued, tenants (of Keys.sharing), workers. ARGV: what the keys of RQ's queues begin with.
-- Answers {items, bytes, work_s, shards, workers alive}.
local queued, shards = redis.call('HMGET', KEYS[1], 'items', 'bytes', 'work_s'), 0
for _, tenant in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  for _, priority in ipairs(redis.call('ZRANGE', KEYS[2] .. ':' .. tenant, 0, -1)) do
    shards = shards + redis.call('LLEN', ARGV[1] .. tenant .. '.' .. priority)
  end
end
return {tonumber(queued[1] or '0'), tonumber(queued[2] or '0'), queued[3] or '0', shards,
        redis.call('ZCOUNT', KEYS[3], now_s(), '+inf')}
"""
)
