"""What compilers made is kept by what it was made of."""

from dataclasses import replace

import pytest

from assay.contract import Limits
from assay_workers.sandbox.compilation import ArtifactCache, Compiled, artifact_key
from assay_workers.sandbox.port import Commands, Program
from tests.fixtures.outcomes import make_outcome

_COMMANDS = Commands(("cc", "main.c"), ("main",), {"A": "b"}, None, None, Limits())
_PROGRAM = Program("c", b"int main;", "main.c", {"x": b"y"}, _COMMANDS)


@pytest.mark.parametrize(
    "other",
    [
        replace(_PROGRAM, source=b"int main; "),
        replace(_PROGRAM, main="other.c"),
        replace(_PROGRAM, files={"x": b"z"}),
        replace(_PROGRAM, files={"xy": b""}),
        replace(_PROGRAM, language="cpp"),
        replace(_PROGRAM, commands=replace(_COMMANDS, compile=("cc", "-O2", "main.c"))),
        replace(_PROGRAM, commands=replace(_COMMANDS, environment={"A": "c"})),
    ],
)
def test_whatever_the_result_depends_on_makes_another_key(other: Program) -> None:
    assert artifact_key(other) != artifact_key(_PROGRAM)


def test_how_a_program_is_run_makes_no_other_key() -> None:
    other = replace(_PROGRAM, commands=replace(_COMMANDS, run=("main", "-x")))
    assert artifact_key(other) == artifact_key(replace(_PROGRAM))


def _compiled(size: int) -> Compiled:
    return Compiled(make_outcome(), {"main": bytes(size)})


def test_the_least_recently_used_make_room() -> None:
    cache = ArtifactCache(10_000)
    cache.keep(b"a", _compiled(3000))
    cache.keep(b"b", _compiled(3000))
    assert cache.get(b"a") is not None
    cache.keep(b"c", _compiled(3000))
    assert [cache.get(key) is not None for key in (b"a", b"b", b"c")] == [True, False, True]


def test_what_is_larger_than_the_cache_is_not_kept() -> None:
    cache = ArtifactCache(1000)
    cache.keep(b"a", _compiled(5000))
    assert cache.get(b"a") is None
    cache.keep(b"b", Compiled(make_outcome(), None))
    assert cache.get(b"a") is None


def test_a_second_result_replaces_the_first() -> None:
    cache = ArtifactCache(10_000)
    first, second = _compiled(4000), _compiled(4000)
    cache.keep(b"a", first)
    cache.keep(b"a", second)
    assert cache.get(b"a") is second
    cache.keep(b"b", _compiled(3000))
    assert cache.get(b"a") is second
