"""The `assay` command, one file per subcommand.

The command needs the `server` extra; a bare installation is for the client alone and says so.
"""

import sys
from importlib.util import find_spec
from typing import Final

__all__ = ["main"]

NEEDED: Final = ("typer", "rich", "pydantic_settings")
"""What the commands import, of the `server` extra."""


def main() -> None:
    """Runs the command line, or says what is missing."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        sys.exit(
            f"The assay command needs {', '.join(missing)}, which the `server` extra brings:\n"
            "    pip install 'assay[server]'\n"
            "Without it `assay.client` works, against a service that runs elsewhere."
        )
    from assay.cli.app import app

    app()
