"""The verifier's processes: a template that has done all imports, and the children that it forks to verify answers.

The template is started with its socket as standard input and reads nothing that anybody wrote. It takes orders of
one byte: `F`, with a socket, forks a child that serves there, and answers its process id; `E` ends that child and
answers its wait status. So a child that dies over an answer is replaced in milliseconds.

A child first gives up what it can (`verifier_walls`). Then it reads a gold answer and a completion, compares them,
answers; until its socket is closed. Before each step it tells the parent which one begins, so that a process that
dies has said whose doing that was. The CPU time of a request is bounded by a timer whose signal is left to its
default action: it ends the process even inside C. `RLIMIT_CPU`, which counts whole seconds, stands behind it.
"""

import gc
import logging
import os
import resource
import signal
import socket
import sys
from typing import Any, Final, NoReturn

from assay_workers.rewards import accuracy
from assay_workers.rewards.evaluation_guard import install_guard
from assay_workers.rewards.verifier_frames import END, FORK, INTEGER, read_frame, write_frame
from assay_workers.rewards.verifier_walls import confine

__all__ = ["main"]

REQUEST_BYTES: Final = (1 << 32) - 1
PAGE_BYTES: Final = resource.getpagesize()
TIRED_SHARE: Final = 0.5
"""A child that keeps more than this share of its memory is replaced: an answer must not depend on earlier ones."""


def main(timeout_s: float, memory_bytes: int) -> None:
    """Is the template, on standard input, a socket, until the parent closes it.

    Args:
        timeout_s: CPU seconds of one request; more ends a child by SIGPROF.
        memory_bytes: address space of a child.
    """
    logging.disable()
    install_guard()
    accuracy.is_right(accuracy.read_gold("1"), accuracy.read_completion(r"\boxed{1}"))  # what is imported late
    accuracy.read_gold.cache_clear()
    gc.collect()
    gc.freeze()
    control = socket.socket(fileno=0)
    control.sendall(FORK)  # ready
    child = status = 0
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if child:
            child, status = 0, _end(child)
        if order == END:
            control.sendall(INTEGER.pack(status))
        elif order == FORK and descriptors:
            child = _fork(descriptors[0], control, timeout_s, memory_bytes)
            control.sendall(INTEGER.pack(child or -1))
        else:
            return


def _end(child: int) -> int:
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _fork(peer: int, control: socket.socket, timeout_s: float, memory_bytes: int) -> int:
    """Forks a child that serves on ``peer``; its process id, or 0 if there can be none."""
    try:
        child = os.fork()
    except OSError:
        child = -1
    if child == 0:
        control.detach()
        os.dup2(peer, 0)
        os.close(peer)
        _serve(timeout_s, memory_bytes)
    os.close(peer)
    return max(child, 0)


def _serve(timeout_s: float, memory_bytes: int) -> NoReturn:
    """Is a child."""
    try:
        parent = socket.socket(fileno=0)
        memory = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        write_frame(parent, {"ready": True, "walls_missing": confine(memory_bytes)})
        while (request := read_frame(parent, REQUEST_BYTES)) is not None:
            _start_clock(timeout_s)
            answer = _answer(parent, request)
            signal.setitimer(signal.ITIMER_PROF, 0)
            write_frame(parent, {**answer, "tired": _address_space_bytes(memory) > TIRED_SHARE * memory_bytes})
        os._exit(0)
    finally:  # an exception must not make a second template of it
        os._exit(1)


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


def _start_clock(timeout_s: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + timeout_s) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.setitimer(signal.ITIMER_PROF, timeout_s)


def _address_space_bytes(statm: int) -> int:
    return int(os.pread(statm, 64, 0).split()[0]) * PAGE_BYTES


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
