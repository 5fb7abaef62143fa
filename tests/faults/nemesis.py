"""Breaks one thing after another, and mends it after a while."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from redis.exceptions import RedisError

from tests.e2e.processes import ProcessId
from tests.faults.stack import LEASE_S, QUEUE, Part, Stack

__all__ = ["Nemesis"]

PAUSE_S: Final = (0.5, 2.0)
"""Between two faults."""
LONG_S: Final = LEASE_S + 3.0
"""Longer than a lease."""
Heal = Callable[[], None]


class Nemesis:
    """Does what may happen to a stack, in an order of its own.

    Arguments:
        stack: the victim.
        seed: of its choices.
    """

    def __init__(self, stack: Stack, seed: int) -> None:
        self._stack = stack
        self._choices = random.Random(seed)
        self._to_mend: list[tuple[float, Heal]] = []
        self._redis_is_in_trouble = False
        self.done: Counter[str] = Counter()
        """How often each fault was brought about."""

    @property
    def faults(self) -> dict[str, Callable[[], bool]]:
        """What may happen, by name; each answers whether there was something to do it to."""
        return {
            "worker killed": self._kill_worker,
            "worker frozen, late again": lambda: self._freeze_worker(LONG_S),
            "worker frozen for a moment": lambda: self._freeze_worker(1.0),
            "sandbox killed": self._kill_sandbox,
            "supervisor killed": self._kill_supervisor,
            "workers drained": lambda: self._restart(self._choices.choice(self._stack.supervisors)),
            "service killed": self._kill_service,
            "service stopped in order": lambda: self._restart(self._choices.choice(self._stack.services)),
            "redis killed": self._kill_redis,
            "redis restarted in order": self._restart_redis,
            "redis frozen": self._freeze_redis,
            "redis out of memory": self._fill_memory,
            "disk full": self._fill_disk,
            "clock ahead": lambda: self._shift_leases(-3600),
            "clock behind": lambda: self._shift_leases(3600),
        }

    def rage(self, seconds: float) -> None:
        """Breaks things for so long, then mends everything. Call it from the main thread."""
        end_s = time.monotonic() + seconds
        waiting: list[str] = []
        while time.monotonic() < end_s:
            if not waiting:  # every fault comes once before any comes again
                waiting = self._choices.sample(list(self.faults), len(self.faults))
            name = waiting.pop()
            self._stack.look()
            came = False
            with suppress(RedisError, OSError):  # what it was to be done to is away already
                came = self.faults[name]()
                self.done[name] += came
            if not came:
                waiting.insert(0, name)
            self._pass(self._choices.uniform(*PAUSE_S))
        while self._to_mend:
            self._pass(0.2)
        self._stack.start()

    def _pass(self, seconds: float) -> None:
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            now_s = time.monotonic()
            due = [heal for at_s, heal in self._to_mend if at_s <= now_s]
            self._to_mend = [(at_s, heal) for at_s, heal in self._to_mend if at_s > now_s]
            for heal in due:
                heal()
            time.sleep(0.02)

    def _mend_after(self, seconds: float, heal: Heal) -> bool:
        self._to_mend.append((time.monotonic() + seconds, heal))
        return True

    def _kill_worker(self) -> bool:
        return self._signal(self._stack.workers(), signal.SIGKILL)

    def _kill_sandbox(self) -> bool:
        return self._signal(self._stack.sandboxes(), signal.SIGKILL)

    def _freeze_worker(self, seconds: float) -> bool:
        workers = self._stack.workers()
        if not workers:
            return False
        pid = self._choices.choice(workers).pid
        os.kill(pid, signal.SIGSTOP)

        def thaw() -> None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

        return self._mend_after(seconds, thaw)

    def _kill_supervisor(self) -> bool:
        part = self._choices.choice(self._stack.supervisors)
        part.look()
        part.kill()
        return self._mend_after(self._choices.uniform(0, 3), part.start)

    def _kill_service(self) -> bool:
        part = self._choices.choice(self._stack.services)
        part.kill()
        return self._mend_after(self._choices.uniform(0, 2), part.start)

    def _restart(self, part: Part) -> bool:
        part.send(signal.SIGTERM)

        def again() -> None:
            if part.runs:  # it is frozen, its disk is full, or it drains: other faults go on meanwhile
                self._mend_after(0.2, again)
            else:
                part.start()

        return self._mend_after(self._choices.uniform(0.5, 2), again)

    def _kill_redis(self) -> bool:
        return self._trouble_redis(self._stack.redis.kill, self._choices.uniform(0, 2), self._stack.redis.start)

    def _restart_redis(self) -> bool:
        redis = self._stack.redis

        def again() -> None:
            redis.wait()
            redis.start()

        return self._trouble_redis(lambda: redis.send(signal.SIGTERM), self._choices.uniform(0.5, 2), again)

    def _freeze_redis(self) -> bool:
        redis = self._stack.redis
        seconds = self._choices.uniform(0.5, 3)
        return self._trouble_redis(lambda: redis.send(signal.SIGSTOP), seconds, lambda: redis.send(signal.SIGCONT))

    def _fill_memory(self) -> bool:
        return self._trouble_redis(lambda: self._set_memory("1"), 1.5, lambda: self._set_memory("1gb"))

    def _set_memory(self, most: str) -> None:
        with self._stack.client() as client:
            client.config_set("maxmemory", most)

    def _fill_disk(self) -> bool:
        filler = self._stack.data / "filler"

        def fill() -> None:
            free = os.statvfs(self._stack.data)
            with filler.open("wb") as file, suppress(OSError):
                os.posix_fallocate(file.fileno(), 0, max(1, (free.f_bavail - 1) * free.f_frsize))

        return self._trouble_redis(fill, 1.5, filler.unlink)

    def _trouble_redis(self, trouble: Heal, seconds: float, heal: Heal) -> bool:
        """One thing at a time: a Redis that is killed while its disk is full forgets what it has answered already,
        which is the choice of who sets its `appendfsync`, and no fault of Assay's."""
        if self._redis_is_in_trouble:
            return False
        trouble()
        self._redis_is_in_trouble = True

        def mend() -> None:
            heal()
            self._redis_is_in_trouble = False

        return self._mend_after(seconds, mend)

    def _shift_leases(self, seconds: float) -> bool:
        """What a clock that jumps looks like to the queue, whose leases are times of the server."""
        with self._stack.client() as client:
            key = f"{QUEUE}:workers"
            workers = client.zrange(key, 0, -1)
            assert isinstance(workers, list)
            for worker in workers:
                client.zincrby(key, seconds, worker)
        return bool(workers)

    def _signal(self, processes: list[ProcessId], number: signal.Signals) -> bool:
        if not processes:
            return False
        with suppress(ProcessLookupError):
            os.kill(self._choices.choice(processes).pid, number)
        return True
