"""How a command fails: one line that says what is wrong, one that says what to do, and an exit status."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import typer
from pydantic import ValidationError

from assay.errors import AssayError
from assay.settings import Settings, load_settings

__all__ = ["ExitStatus", "effective_settings", "failures_told"]


class ExitStatus(IntEnum):
    """What the exit status of a command means."""

    GOOD = 0
    """All went well; for `grade`: every item was judged."""
    FAILED = 1
    """Something failed; for `grade`: some items have no reward."""
    USAGE = 2
    """The command was called wrongly: arguments, settings or input."""


def effective_settings(**overrides: object) -> Settings:
    """The settings in force; ends the command with a readable complaint if they are wrong.

    Raises:
        typer.Exit: a setting is unknown or out of range.
    """
    try:
        return load_settings(**overrides)
    except ValidationError as error:
        for complaint in error.errors(include_url=False, include_input=False):
            name = ".".join(str(part) for part in complaint["loc"])
            what = f"setting {name}" if name else "settings"
            typer.echo(f"{what}: {complaint['msg'].removeprefix('Value error, ')}", err=True)
    except ValueError as error:  # the file is not TOML
        typer.echo(f"the settings cannot be read: {error}", err=True)
    typer.echo("see docs/settings.md, and `assay config` for the values in force", err=True)
    raise typer.Exit(ExitStatus.USAGE)


@contextmanager
def failures_told() -> Iterator[None]:
    """Ends a command with one readable line for an error of the table or of the system, without a traceback.

    Raises:
        typer.Exit: in the place of such an error.
    """
    try:
        yield
    except AssayError as error:
        sys.stdout.flush()
        typer.echo(f"{error.code}: {error.message}", err=True)
        if error.hint:
            typer.echo(error.hint, err=True)
        raise typer.Exit(ExitStatus.FAILED) from error
    except OSError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(ExitStatus.FAILED) from error
