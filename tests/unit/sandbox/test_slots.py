"""Slots are found by language, kept warm for a while, and spares are there before they are needed."""

import pytest

from assay.errors import ItemError, SandboxLost
from assay_workers.sandbox.languages import Language
from assay_workers.sandbox.port import Sandbox
from assay_workers.sandbox.slots import Reuse, Slots, StartSandbox, unknown_language
from assay_workers.sandbox.spares import Spares


class _Fake:
    """A sandbox that only lives and ends."""

    def __init__(self, image: str) -> None:
        self.image = image
        self.alive = True

    def run(self, *_: object) -> "object":
        raise NotImplementedError

    serve = examine = run

    def is_alive(self) -> bool:
        return self.alive

    def close(self) -> None:
        self.alive = False


class _Sandboxes:
    """A driver that remembers what it started."""

    def __init__(self) -> None:
        self.started: list[_Fake] = []

    def place_of(self, language: Language) -> str:
        if language.image == "nowhere":
            raise unknown_language(language.name, "")
        return language.image

    def starter(self, place: str) -> StartSandbox:
        def start() -> Sandbox:
            self.started.append(_Fake(place))
            return self.started[-1]  # type: ignore[return-value]

        return start

    def most_tests(self) -> int:
        return 1000


def _language(image: str) -> Language:
    return Language(name=image, title=image, image=image, source="main", version=("true",))


_A, _B, _C = (_language(image) for image in "abc")


def test_languages_of_one_image_share_a_slot() -> None:
    slots = Slots(_Sandboxes(), Reuse(100, warm=2))
    assert slots.slot(_A) is slots.slot(_language("a"))
    assert slots.slot(_A) is not slots.slot(_B)


def test_the_image_used_longest_ago_makes_room() -> None:
    sandboxes = _Sandboxes()
    slots = Slots(sandboxes, Reuse(100, warm=2))
    for language in (_A, _B, _A, _C):
        slots.slot(language).sandbox()
    assert {each.image: each.alive for each in sandboxes.started} == {"a": True, "b": False, "c": True}
    slots.close()
    assert not any(each.alive for each in sandboxes.started)


def test_a_language_that_no_sandbox_runs_is_the_items_error() -> None:
    with pytest.raises(ItemError) as caught:
        Slots(_Sandboxes(), Reuse(100)).slot(_language("nowhere"))
    assert caught.value.code == "unknown_language"


def test_with_fresh_every_submission_has_a_sandbox_of_its_own() -> None:
    sandboxes = _Sandboxes()
    slots = Slots(sandboxes, Reuse(100, fresh=True, spares=1))
    used = [slots.slot(_A).attempt(lambda sandbox: sandbox) for _ in range(3)]
    assert len({id(sandbox) for sandbox in used}) == 3
    slots.close()
    assert not any(each.alive for each in sandboxes.started)


def test_a_spare_that_died_while_it_waited_is_passed_over() -> None:
    made: list[_Fake] = []

    def start() -> Sandbox:
        made.append(_Fake(str(len(made))))
        made[-1].alive = len(made) not in (1, 2)
        return made[-1]  # type: ignore[return-value]

    spares = Spares(start, 1)
    assert spares.start().is_alive()
    spares.close()


def test_an_engine_that_starts_nothing_is_a_lost_sandbox() -> None:
    def start() -> Sandbox:
        raise SandboxLost

    spares = Spares(start, 1)
    with pytest.raises(SandboxLost):
        spares.start()
    spares.close()
