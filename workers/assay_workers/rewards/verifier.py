"""The mathematics verifier: math-verify in a child process that can be bounded, killed and replaced.

math-verify and sympy evaluate what a model wrote; `9^{9^{9^9}}` hangs them, and their own timeouts work in
no thread and no C code. So a warm child (`verifier_child`), forked from a template, does one request at a time
over a socket, under limits of CPU time and memory, and is replaced when it dies. What its death means is decided
here:

* the CPU limit was hit: believed at once, because CPU time does not depend on the load of the machine;
* anything else (memory, a crash, the wall limit of a process that sleeps or starves): repeated once in a
  fresh child, alone, unless this one was fresh; then believed.

The child says which step it begins, so blame is known: while reading the gold answer it is the gold's
(`gold_unparseable`), while reading the completion the completion's (score 0). In the comparison it is the
completion's, unless the gold alone cannot be evaluated either. Only a child that does not even start is our
failure (`verifier_lost`).

Residual risk: sympy's parsers are near to `eval`, so a hostile completion may be able to run code in the child.
It finds there the gold answers of recent requests, and can forge the scores of later answers until the child is
replaced. It can tell nobody: where the machine has what `verifier_walls` builds upon, there is no file but the
libraries, no process, no socket and no network.
"""

import os
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import structlog

from assay.errors import ItemError, ServiceError
from assay_workers.rewards.verifier_process import Death, MathProcess, Reply, Step, Template

__all__ = ["MathOutcome", "MathVerifier"]

_log = structlog.get_logger(__name__)
START_ATTEMPTS: Final = 2
WALL_FACTOR: Final = 3.0
WALL_GRACE_S: Final = 5.0
"""The wall limit is this factor times the CPU limit plus this grace, as for programs: it only ends sleepers."""
CHILD_REQUESTS: Final = 5_000
"""A child is replaced after this many requests, so that nothing it keeps can grow without end."""


@dataclass(frozen=True)
class MathOutcome:
    """What the verifier says of a completion."""

    score: float
    """1.0 if the answer equals the gold answer, else 0.0."""
    answer: str | None
    """The answer found in the completion, as text cut to 500 characters; None if there is none."""
    message: str | None = None
    """Why an answer could not be judged on its merits, such as a time limit; never the gold answer."""


class MathVerifier:
    """Verifies answers in a child process, which starts with the first one; safe to share between threads.

    Args:
        timeout_s: CPU seconds for one answer, above 0; an answer that takes more is wrong.
        memory_mb: memory of the child in MiB, at least 128.
    """

    def __init__(self, timeout_s: float, memory_mb: int) -> None:
        self._timeout_s = timeout_s
        self._memory_bytes = memory_mb << 20
        self._template: Template | None = None
        self._child: MathProcess | None = None
        self._lock = threading.Lock()
        self._has_warned = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def verify(self, gold: str, completion: str) -> MathOutcome:
        """Says whether the answer in ``completion`` equals ``gold``.

        Args:
            gold: the true answer: LaTeX, a number, a bare formula, or text that holds one of them.
            completion: what the model wrote.

        Returns:
            The outcome; a completion that hangs, crashes or fills the child scores 0 with a message.

        Raises:
            ItemError: `gold_unparseable`, if the gold answer holds no mathematics or is itself what hangs.
            ServiceError: `verifier_lost`, if no child can be started.
        """
        with self._lock:
            answer = self._ask(gold, completion)
            if isinstance(answer, Reply):
                return _outcome(answer)
            if answer.step is Step.GOLD or (answer.step is Step.COMPARISON and self._is_beyond_evaluation(gold)):
                message = f"the gold answer {answer.reason}"
                raise ItemError(message, code="gold_unparseable", hint="give it in a simpler form")
            return MathOutcome(0.0, None, f"the answer {answer.reason}")

    def close(self) -> None:
        """Ends the processes; another `verify` would start new ones."""
        with self._lock:
            self._drop_template()

    def _is_beyond_evaluation(self, gold: str) -> bool:
        return isinstance(self._ask(gold, None), Death)

    def _ask(self, gold: str, completion: str | None) -> Reply | Death:
        child = self._live_child()
        answer = self._ask_child(child, gold, completion)
        if isinstance(answer, Reply) or answer.is_certain or child.requests == 1:
            return answer
        return self._ask_child(self._live_child(), gold, completion)

    def _ask_child(self, child: MathProcess, gold: str, completion: str | None) -> Reply | Death:
        try:
            answer = child.ask(gold, completion, WALL_FACTOR * self._timeout_s + WALL_GRACE_S)
        except BaseException:
            # Whatever interrupts this, no child may be left behind in the middle of a request.
            self._drop_child()
            raise
        if isinstance(answer, Death) or answer.tired or child.requests >= CHILD_REQUESTS:
            self._drop_child()
        return answer

    def _live_child(self) -> MathProcess:
        # A forked copy of this process must not talk on its parent's sockets.
        if self._template is not None and self._template.owner_pid != os.getpid():
            self._drop_template()
        if self._child is None:
            self._child = self._start_child()
        return self._child

    def _start_child(self) -> MathProcess:
        for _ in range(START_ATTEMPTS - 1):
            try:
                return self._fork_child()
            except ServiceError:
                self._drop_template()
        return self._fork_child()

    def _fork_child(self) -> MathProcess:
        if self._template is None:
            self._template = Template.start(self._timeout_s, self._memory_bytes)
        child = self._template.fork()
        if child.walls_missing and not self._has_warned:
            self._has_warned = True
            _log.warning("verifier_walls_missing", walls=child.walls_missing)
        return child

    def _drop_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            try:
                child.end()
            except ServiceError:
                self._drop_template()

    def _drop_template(self) -> None:
        template, self._template = self._template, None
        child, self._child = self._child, None
        if child is not None:
            child.close()
        if template is not None:
            template.end()


def _outcome(reply: Reply) -> MathOutcome:
    if reply.unparseable:
        raise ItemError(code="gold_unparseable", hint="give LaTeX in $…$ or \\boxed{…}, or a number")
    return MathOutcome(float(reply.right), reply.answer)
