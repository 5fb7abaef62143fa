"""`assay doctor`: whether this machine can run Assay, and what to do where it cannot."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assay.cli.failure import ExitStatus, effective_settings
from assay.errors import AssayError
from assay.settings import Settings, available_cores

__all__ = ["Check", "doctor"]

LEAST_FREE_MB: Final = 1024
"""Room for the queue's data of a large batch, which is written when `assay up` stops."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    """What was found."""
    remedy: str = ""
    """What to do, if it is not well."""


def doctor() -> None:
    """Examine this machine; exits with 1 if something is broken."""
    settings = effective_settings()
    checks = list(_examine(settings))
    Console().print(_table(checks))
    if not all(check.ok for check in checks):
        raise typer.Exit(ExitStatus.FAILED)


def _examine(settings: Settings) -> Iterator[Check]:
    yield _check_python()
    yield Check("cores", True, f"{available_cores()} usable, {settings.workers} workers")
    yield _check_disk(settings.data_dir)
    yield from _check_part("queue", lambda: _check_queue(settings))
    yield from _check_part("sandbox", lambda: _check_sandbox(settings))


def _check_part(name: str, examine: Callable[[], list[Check]]) -> list[Check]:
    """What a part says of itself, or that it cannot be asked."""
    try:
        return examine()
    except AssayError as error:
        return [Check(name, False, error.message, error.hint)]
    except (ImportError, OSError) as error:
        return [Check(name, False, str(error), "install the server extra: pip install 'assay[server]'")]


def _check_python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Check("python", sys.version_info >= (3, 11), f"{version} at {sys.executable}", "Assay needs Python 3.11")


def _check_disk(data_dir: Path) -> Check:
    existing = next(folder for folder in (data_dir, *data_dir.parents) if folder.exists())
    free_mb = shutil.disk_usage(existing).free // 2**20
    remedy = f"free {LEAST_FREE_MB} MiB, or set data_dir to another disk"
    return Check("disk", free_mb >= LEAST_FREE_MB, f"{free_mb:,} MiB free for {data_dir}", remedy)


def _check_queue(settings: Settings) -> list[Check]:
    from assay.queue.connection import connect, redis_errors
    from assay.queue.embedded import EmbeddedValkey

    if settings.redis_url is not None:
        with redis_errors(), connect(settings) as client:
            client.ping()
        return [Check("queue", True, "the Redis of redis_url answers")]
    with TemporaryDirectory(prefix="assay-") as directory, EmbeddedValkey(Path(directory)):
        return [Check("queue", True, "the embedded Valkey starts and answers")]


def _check_sandbox(settings: Settings) -> list[Check]:
    if settings.sandbox == "docker":
        from assay_workers.sandbox.docker.doctor import diagnose
    else:
        from assay_workers.sandbox.jail.doctor import diagnose

    return [Check(found.name, found.ok, found.detail, found.remedy or "") for found in diagnose(settings)]


def _table(checks: list[Check]) -> Table:
    table = Table(title="Assay doctor", title_justify="left")
    for heading in ("", "check", "found", "what to do"):
        table.add_column(heading, overflow="fold")
    for check in checks:
        mark = "[green]ok[/]" if check.ok else "[bold red]broken[/]"
        table.add_row(mark, escape(check.name), escape(check.detail), "" if check.ok else escape(check.remedy))
    return table
