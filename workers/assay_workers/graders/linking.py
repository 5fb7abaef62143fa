"""Programs that are compiled together with a grader's sources, as those of the IOI are. Pure.

The submission stays a translation unit of its own. It shares the grader's process and may print in its place; as
the outputs alone are judged, elsewhere, that is worth no more than what a program earns that prints by itself.
"""

from dataclasses import replace
from typing import Final

from assay.contract import IoiCodeReward
from assay.errors import ItemError
from assay_workers.sandbox.languages import Language

__all__ = ["linked_with"]

_MAIN: Final = "{main}"
_SOURCES: Final = {"c": (".c",), "cpp": (".cc", ".cpp", ".cxx")}
"""Endings of the sources of a family of languages; everything else is a header."""


def linked_with(language: Language, spec: IoiCodeReward) -> Language:
    """The language as it compiles a program and the sources of a grader.

    Raises:
        ItemError: the language links nothing, or the submission has the name of a file of the grader.
    """
    if not spec.grader_files:
        return language
    endings = _SOURCES.get(language.family)
    if endings is None or language.compile is None:
        message = f"'grader_files' cannot be compiled with {language.title}"
        raise ItemError(message, code="invalid_tests", hint="use a language of C or C++, or leave them out")
    main = spec.main or language.source
    if main in spec.grader_files:
        message = f"the submission and a file of 'grader_files' are both called {main!r}"
        raise ItemError(message, code="invalid_tests", hint="name the submission by 'main'")
    units = tuple(name for name in spec.grader_files if name.endswith(endings))
    place = language.compile.index(_MAIN) + 1
    return replace(language, compile=(*language.compile[:place], *units, *language.compile[place:]))
