"""The tags under which a completion may fence a program of each language."""

from typing import Final

__all__ = ["LANGUAGE_TAGS", "NEUTRAL_TAGS", "tags_of"]

LANGUAGE_TAGS: Final[dict[str, frozenset[str]]] = {
    "python": frozenset({"python", "py", "python3", "py3", "cpython", "pypy", "pypy3"}),
    "cpp": frozenset(
        {"cpp", "c++", "cxx", "cc", "cpp11", "cpp14", "cpp17", "cpp20", "c++11", "c++14", "c++17", "c++20"}
    ),
    "c": frozenset({"c", "c99", "c11", "c17"}),
    "java": frozenset({"java"}),
    "javascript": frozenset({"javascript", "js", "node", "nodejs"}),
    "typescript": frozenset({"typescript", "ts"}),
    "go": frozenset({"go", "golang"}),
    "rust": frozenset({"rust", "rs"}),
    "bash": frozenset({"bash", "sh", "shell"}),
    "csharp": frozenset({"csharp", "c#", "cs"}),
    "kotlin": frozenset({"kotlin", "kt"}),
    "ruby": frozenset({"ruby", "rb"}),
    "haskell": frozenset({"haskell", "hs"}),
    "lua": frozenset({"lua"}),
    "php": frozenset({"php"}),
    "perl": frozenset({"perl", "pl"}),
    "scala": frozenset({"scala"}),
    "swift": frozenset({"swift"}),
}
"""The tags of each language in lower case; its own name is one of them."""

NEUTRAL_TAGS: Final = frozenset({"", "code", "program", "solution", "source"})
"""Tags that name no language: such a fence counts as one without a tag."""


def tags_of(language: str) -> frozenset[str]:
    """Gives the tags of ``language``, which may itself be any of them (`py`); of an unknown one, its own name."""
    name = language.lower()
    return next((tags for tags in LANGUAGE_TAGS.values() if name in tags), frozenset({name}))
