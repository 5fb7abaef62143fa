"""`assay config`: the settings in force, and the reference of all settings."""

import json
from typing import Annotated

import typer

from assay.cli.failure import ExitStatus, effective_settings
from assay.cli.setting_rows import markdown_reference, setting_rows, toml_text

__all__ = ["config"]


def config(
    as_json: Annotated[bool, typer.Option("--json", help="Print name, value and origin of each as JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the reference of docs/settings.md.")] = False,
) -> None:
    """Print the settings in force as TOML, each with its meaning and where its value comes from."""
    if as_json and markdown:
        typer.echo("give --json or --markdown, not both", err=True)
        raise typer.Exit(ExitStatus.USAGE)
    if markdown:
        typer.echo(markdown_reference(), nl=False)
        return
    rows = setting_rows(effective_settings())
    if as_json:
        values = {row.name: {"value": row.value, "origin": row.origin} for row in rows}
        typer.echo(json.dumps(values, indent=2))
    else:
        typer.echo(toml_text(rows), nl=False)
