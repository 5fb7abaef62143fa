"""The reward that runs a program and compares nothing: what a tool needs, and a caller who judges for himself."""

import base64
import binascii
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from assay.contract.base import LanguageName, Weighted
from assay.contract.limits import Limits
from assay.contract.tests import FilePath

__all__ = ["RunReward"]

MAX_FILE_BYTES = 64 << 20
"""Of one file that a program is given; more than the limit of files would not fit anyway."""
Encoded = Annotated[str, Field(max_length=MAX_FILE_BYTES * 4 // 3 + 4)]


class RunReward(Weighted):
    """Runs the program once and compares nothing: 1 if it ends with exit status 0, else 0.

    The run is the component's only test, whose outputs and `fetched` files come back whole, whatever the `detail`.
    For tools, and for rewards that the caller makes of the outputs; what a program prints about itself proves
    nothing. Nothing is taken over from an earlier run.
    """

    type: Literal["run"]
    language: LanguageName = "python"
    """Name or tag of a language (docs/languages.md), in whatever case."""
    stdin: str = ""
    args: Annotated[tuple[str, ...], Field(max_length=256)] = ()
    """Command-line arguments."""
    files: Annotated[dict[FilePath, Encoded], Field(max_length=256)] = {}
    """Files in its working directory, by relative path; their contents in base64."""
    fetch: Annotated[tuple[FilePath, ...], Field(max_length=64)] = ()
    """Files that come back in base64, by relative path. They are there before the program starts, empty or as
    given; a program that puts another file in the place of one, instead of writing it, has left that one as it
    was. All together have the limit of `output_kb`."""
    limits: Limits = Limits()

    @field_validator("files")
    @classmethod
    def _are_encoded(cls, files: dict[str, str]) -> dict[str, str]:
        for name, content in files.items():
            try:
                base64.b64decode(content, validate=True)
            except (binascii.Error, ValueError) as error:
                raise ValueError(f"the content of {name!r} is not base64") from error
        return files

    @model_validator(mode="after")
    def _no_file_is_a_folder(self) -> Self:
        names = {*self.files, *self.fetch}
        for name in names:
            if inner := next((parent for parent in _parents(name) if parent in names), None):
                raise ValueError(f"{inner!r} cannot be both a file and the folder of {name!r}")
        return self

    @field_validator("fetch")
    @classmethod
    def _is_fetched_once(cls, fetch: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fetch))


def _parents(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]
