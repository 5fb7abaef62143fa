"""The runtimes that Piston's clients may choose."""

from typing import Any, Final

from assay.errors import RequestError
from assay_service.complaints import suggest

__all__ = ["CF_LANGUAGES", "IOI", "LANGUAGES", "VERSION", "known_runtime", "packages", "runtimes"]

VERSION: Final = "1.0.0"
"""There is one version of each language, whatever a client asks for; docs/languages.md says which."""
IOI: Final = "cms_ioi"
CF_LANGUAGES: Final = {"cf_python3": "python", "c++17": "cpp", "cf_c++17": "cpp"}
"""open-r1's languages of Codeforces, by which language they are."""
LANGUAGES: Final[dict[str, tuple[str, ...]]] = {
    "python": ("py", "python3", "py3"),
    "c": (),
    "cpp": ("c++", "g++"),
    "java": (),
    "javascript": ("js", "node", "node-javascript", "node-js"),
    "typescript": ("ts", "node-ts", "tsc"),
    "go": ("golang",),
    "rust": ("rs",),
    "csharp": ("c#", "cs", "csharp.net", "mono-csharp"),
    "kotlin": ("kt",),
    "scala": ("sc",),
    "swift": (),
    "ruby": ("rb",),
    "php": (),
    "bash": ("sh",),
    "perl": ("pl",),
    "lua": (),
    "r": ("rscript",),
    "haskell": ("hs",),
    "ocaml": ("ml",),
    "racket": ("rkt",),
    "d": ("dlang",),
    "fortran": ("f90",),
    "pascal": ("pas", "freepascal"),
    "tcl": ("tclsh",),
    "sqlite3": ("sql", "sqlite"),
}
"""Piston's name of each language, and its aliases."""
_OURS: Final = {"sqlite3": "sql"}
_INTERPRETED: Final = {
    *("python", "javascript", "ruby", "php", "bash", "perl", "lua", "r", "tcl", "sqlite3"),
}


def known_runtime(language: str) -> tuple[str, str, bool]:
    """Piston's name of a language, ours, and whether it is compiled.

    Raises:
        RequestError: ``unknown_language``.
    """
    wanted = language.lower()
    for name, aliases in LANGUAGES.items():
        if wanted in {name, *aliases}:
            return name, _OURS.get(name, name), name not in _INTERPRETED
    hint = suggest(language, {*LANGUAGES, *CF_LANGUAGES, IOI})
    message = f"{language}-* runtime is unknown"
    raise RequestError(message, code="unknown_language", path="language", hint=hint)


def runtimes() -> list[dict[str, Any]]:
    """The answer to `GET /runtimes`."""
    own = [{"language": name, "version": VERSION, "aliases": list(also)} for name, also in LANGUAGES.items()]
    added = [{"language": name, "version": VERSION, "aliases": []} for name in (*CF_LANGUAGES, IOI)]
    return own + added


def packages() -> list[dict[str, Any]]:
    """The answer to `GET /packages`."""
    return [
        {"language": runtime["language"], "language_version": VERSION, "installed": True} for runtime in runtimes()
    ]
