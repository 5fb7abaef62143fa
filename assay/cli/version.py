"""`assay version`."""

import typer

from assay import __version__

__all__ = ["version"]


def version() -> None:
    """Print the version."""
    typer.echo(__version__)
