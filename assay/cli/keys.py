"""`assay keys`: API keys for the `keys_file` of a service."""

import re
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.failure import ExitStatus, failures_told

__all__ = ["keys"]

keys = typer.Typer(name="keys", help="Make API keys, and check a file of them.", no_args_is_help=True)


@keys.command()
def new(tenant: Annotated[str, typer.Argument(help="Whose key it is: letters, digits, - and _.")]) -> None:
    """Make a key. It is printed once, and kept nowhere; the file of keys gets its hash."""
    from assay.tenants import TENANT_NAME, hash_key, new_key

    if not re.fullmatch(TENANT_NAME, tenant):
        typer.echo("a tenant's name is 1 to 64 letters, digits, - and _", err=True)
        raise typer.Exit(ExitStatus.USAGE)
    key = new_key()
    typer.echo(f"The key, for the tenant alone:\n\n    {key}\n")
    typer.echo("For the file of keys (the setting `keys_file`; the service sees the change within a second):\n")
    typer.echo(f'[tenants.{tenant}]\nkeys = ["{hash_key(key)}"]')


@keys.command()
def check(file: Annotated[Path, typer.Argument(help="A file of keys.")]) -> None:
    """Say whether a service would take a file of keys, and what is wrong with it."""
    from assay.tenants import read_keys

    with failures_told():
        book = read_keys(file)
    for tenant in book.tenants():
        typer.echo(tenant.name)
