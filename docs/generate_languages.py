"""Writes `docs/languages.md` from the language table."""

from pathlib import Path

from assay_workers.sandbox.languages import Language, absent_languages, languages

__all__ = ["render"]

_HEAD = """\
# Languages

Generated from the table (`sandbox-images/agent/assay_agent/languages.toml`); `make docs` writes it anew.

A request names a language by its name or any of its tags, and a completion may fence its program under any of
them. The Docker driver runs each in the image named here (`make images` builds them); the jail runs those whose
tools the machine has where a jail shows them (`assay doctor` lists them). A language that cannot be run is that
item's error, `unknown_language`.

| language | name and tags | image | compiled | time limit | memory beyond the limit | scripts in process |
|---|---|---|---|---|---|---|
"""
_LIMITS = """
*Scripts in process*: as which language a program runs together with the test code of a `script` suite that
sets `allow_in_process`. Python's scripts run in an examiner, or in process where one cannot run them
([integrity](integrity.md)).

## Limits

`cpu_s` is multiplied by the factor of the language. The memory limit is what the program itself may occupy; what
its runtime needs is allowed on top of it. JVM, Node and Go are told the limit in the way they understand (`-Xmx`,
`--max-old-space-size`, `GOMEMLIMIT`). Python's limit is that of its address space, so that a program meets a
`MemoryError`; other programs are measured, and one that occupied more than the limit has the verdict `memory_limit`
even if it ended by itself.

## Compilation

A program is compiled once, in a cell of its own that sees the program and its files and nothing of the tests,
with no input and with limits of its own (by default 30 seconds of processor time, 2 GiB, 256 processes, 256 MiB of
files). What the compiler made is kept by a hash of the source, the files and the commands, runs in as many cells as
there are tests, and cannot be changed by them. A compiler that fails, or meets a limit, is a `compile_error`, with
the first line of its complaint as message.
"""
_ABSENT = """
## What is not there

| language | why |
|---|---|
"""


def _factor(language: Language) -> str:
    return f"{language.time_factor:g} times" if language.time_factor != 1 else ""


def _row(language: Language) -> str:
    tags = ", ".join(f"`{tag}`" for tag in sorted(language.tags - {language.name}))
    names = f"`{language.name}`" + (f": {tags}" if tags else "")
    runtime = f"{language.runtime_mb} MiB" if language.runtime_mb else ""
    compiled = "yes" if language.compile or language.builtin else "no"
    script = "not needed" if language.builtin else f"as `{language.script}`" if language.script else ""
    cells = (language.title, names, language.image, compiled, _factor(language), runtime, script)
    return f"| {' | '.join(cells)} |\n"


def render() -> str:
    """The page."""
    rows = "".join(_row(language) for language in languages().values())
    absent = "".join(f"| {each.title} (`{each.name}`) | {each.reason} |\n" for each in absent_languages())
    return _HEAD + rows + _LIMITS + _ABSENT + absent


if __name__ == "__main__":
    Path(__file__).with_name("languages.md").write_text(render(), encoding="utf-8")
