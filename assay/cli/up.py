"""`assay up`: queue, workers and service in the foreground, until a signal ends them."""

import json
import os
import signal
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Final

import typer

from assay.cli.failure import effective_settings, failures_told

if TYPE_CHECKING:
    from assay.cli.local import LocalAssay

__all__ = ["up"]

CHECK_S: Final = 0.1
"""How often the parts are looked at, and how late a signal may be noticed."""
STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)

EXAMPLE: Final = (
    '{"items": [{"id": "1", "completion": "```python\\nprint(int(input()) * 2)\\n```", "rewards": [{"type": "code",'
    ' "tests": {"kind": "stdio", "cases": [{"stdin": "21", "expected": "42"}]}}]}]}'
)
"""The smallest batch that shows something; it is free of single quotes, which the shell needs."""


def up(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Where the queue keeps its data.")] = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes; by default one per core.")] = None,
    ready_file: Annotated[
        Path | None, typer.Option(help="Write {'url', 'pid'} as JSON here once ready, for scripts.")
    ] = None,
) -> None:
    """Start all of Assay in the foreground; Ctrl-C stops it, a second Ctrl-C at once."""
    settings = effective_settings(host=host, port=port, data_dir=data_dir, workers=workers)
    with failures_told():
        from assay.cli.local import LocalAssay

        signals = _Signals()
        assay = LocalAssay(settings)
        try:
            assay.start(go_on=lambda: not signals.count)
            if not signals.count:
                _announce(assay.url, ready_file)
            _watch(assay, signals)
        finally:
            if ready_file is not None:
                ready_file.unlink(missing_ok=True)
            assay.stop(hurry=lambda: signals.count > 1)


class _Signals:
    """Counts the stop signals of this process."""

    def __init__(self) -> None:
        self.count = 0
        for number in STOP_SIGNALS:
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1


def _watch(assay: "LocalAssay", signals: _Signals) -> None:
    while not signals.count:
        assay.check()
        time.sleep(CHECK_S)
    typer.echo("Stopping; once more to stop at once.", err=True)


def _announce(url: str, ready_file: Path | None) -> None:
    if ready_file is not None:
        unfinished = ready_file.with_name(ready_file.name + ".new")
        unfinished.write_text(json.dumps({"url": url, "pid": os.getpid()}))
        unfinished.replace(ready_file)
    request = f"curl -s {url}/v1/rewards -H 'Content-Type: application/json' -d '{EXAMPLE}'"
    typer.echo(f"Assay is ready on {url} — try: {request}")
