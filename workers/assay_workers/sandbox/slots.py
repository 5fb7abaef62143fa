"""The slots of one worker: for every image one, and of those the most recently used ones warm.

A slot runs one cell at a time, and so does a worker: that there are several saves the start of a container when
submissions of different languages follow each other.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple, Protocol

from assay.errors import ItemError
from assay_workers.sandbox.languages import Language
from assay_workers.sandbox.machine import Machine
from assay_workers.sandbox.port import Sandbox
from assay_workers.sandbox.slot import Slot
from assay_workers.sandbox.spares import Spares

__all__ = ["Reuse", "Sandboxes", "Slots", "StartSandbox", "unknown_language"]

StartSandbox = Callable[[], Sandbox]


class Sandboxes(Protocol):
    """What starts sandboxes; a driver's choice of image for a language."""

    def place_of(self, language: Language) -> str:
        """The image that runs a language; one name for all where there are none.

        Raises:
            ItemError: no sandbox here runs it.
        """
        ...

    def starter(self, place: str) -> StartSandbox:
        """What starts a sandbox of an image."""
        ...

    def most_tests(self) -> int:
        """After how many tests a sandbox must be replaced."""
        ...


class Reuse(NamedTuple):
    """How long sandboxes are used."""

    recycle_tests: int
    fresh: bool = False
    """A sandbox for every submission, and no longer."""
    spares: int = 0
    """With ``fresh``: how many are started ahead."""
    warm: int = 1
    """Of how many images a sandbox is kept."""


class _Place(NamedTuple):
    slot: Slot
    spares: Spares | None

    def close(self) -> None:
        self.slot.discard()
        if self.spares is not None:
            self.spares.close()


class Slots:
    """Finds the slot for a language."""

    def __init__(self, sandboxes: Sandboxes, reuse: Reuse, machine: Machine | None = None) -> None:
        self._sandboxes = sandboxes
        self._machine = machine or Machine()
        self._reuse = reuse
        self._places: OrderedDict[str, _Place] = OrderedDict()

    def slot(self, language: Language) -> Slot:
        """The slot whose sandboxes run ``language``; it starts one when it is used.

        Raises:
            ItemError: none here runs it.
        """
        name = self._sandboxes.place_of(language)
        if name not in self._places:
            self._places[name] = self._make(name)
        self._places.move_to_end(name)
        while len(self._places) > self._reuse.warm:
            _, idle = self._places.popitem(last=False)
            idle.close()
        return self._places[name].slot

    def close(self) -> None:
        """Ends every sandbox."""
        while self._places:
            self._places.popitem()[1].close()

    def _make(self, name: str) -> _Place:
        start = self._sandboxes.starter(name)
        recycle_tests = min(self._reuse.recycle_tests, self._sandboxes.most_tests())
        if not self._reuse.fresh:
            return _Place(Slot(start, recycle_tests, machine=self._machine), None)
        spares = Spares(start, self._reuse.spares)
        return _Place(Slot(spares.start, recycle_tests, fresh=True, machine=self._machine), spares)


def unknown_language(name: str, hint: str) -> ItemError:
    """What is said of a language that no sandbox here runs."""
    return ItemError(f"no sandbox here runs {name!r}", code="unknown_language", hint=hint)
