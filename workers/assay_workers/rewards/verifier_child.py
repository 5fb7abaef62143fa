"""The verifier's child process: reads a gold answer and a completion, compares them, answers; until EOF.

It is started with its socket as standard input. After the imports it gives up what it can: memory beyond the
limit, files beyond reading, core dumps and, where the kernel lets an ordinary user do so, the network. Before
each step it tells the parent which one begins, so that a process that dies has said whose doing that was. The
CPU time of a request is bounded by a timer whose signal is left to its default action: it ends the process
even inside C. `RLIMIT_CPU`, which counts whole seconds, stands behind it.
"""

import ctypes
import logging
import resource
import signal
import socket
import sys
from typing import Any, Final

from assay_workers.rewards import accuracy
from assay_workers.rewards.evaluation_guard import install_guard
from assay_workers.rewards.verifier_frames import read_frame, write_frame

__all__ = ["main"]

REQUEST_BYTES: Final = (1 << 32) - 1
PAGE_BYTES: Final = resource.getpagesize()
TIRED_SHARE: Final = 0.5
"""A child that keeps more than this share of its memory is replaced: an answer must not depend on earlier ones."""
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000


def main(timeout_s: float, memory_bytes: int) -> None:
    """Serves requests on standard input, a socket, until the parent closes it.

    Args:
        timeout_s: CPU seconds of one request; more ends the process by SIGPROF.
        memory_bytes: address space of the process.
    """
    logging.disable()
    install_guard()
    _give_up_rights(memory_bytes)
    parent = socket.socket(fileno=0)
    write_frame(parent, {"ready": True})
    while (request := read_frame(parent, REQUEST_BYTES)) is not None:
        _start_clock(timeout_s)
        answer = _answer(parent, request)
        signal.setitimer(signal.ITIMER_PROF, 0)
        write_frame(parent, {**answer, "tired": _address_space_bytes() > TIRED_SHARE * memory_bytes})


def _answer(parent: socket.socket, request: dict[str, Any]) -> dict[str, Any]:
    write_frame(parent, {"step": "gold"})
    gold = accuracy.read_gold(request["gold"])
    if not gold.readings:
        return {"unparseable": True}
    if request["completion"] is None:
        accuracy.evaluate_alone(gold)
        return {"right": False}
    write_frame(parent, {"step": "completion"})
    answer = accuracy.read_completion(request["completion"])
    write_frame(parent, {"step": "comparison"})
    return {"right": accuracy.is_right(gold, answer), "answer": answer.text}


def _give_up_rights(memory_bytes: int) -> None:
    # Best effort: a machine may forbid user namespaces. The process then keeps a network nobody told it about.
    ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _start_clock(timeout_s: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + timeout_s) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.setitimer(signal.ITIMER_PROF, timeout_s)


def _address_space_bytes() -> int:
    with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123 - per request, and pathlib is slow
        return int(statm.read().split()[0]) * PAGE_BYTES


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
