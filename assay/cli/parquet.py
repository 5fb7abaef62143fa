"""Parquet for the command: rows come in as lines of JSON, results go out as columns.

It needs the extra `parquet`; what the rest of the command reads and writes is JSON.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import typer

from assay.cli.failure import ExitStatus
from assay.contract import ItemResult

__all__ = ["is_parquet", "lines_of", "write_results"]

BATCH_ROWS: Final = 256


def is_parquet(file: Path) -> bool:
    """Whether the file is Parquet, by its ending."""
    return file.suffix.lower() in (".parquet", ".pq")


@contextmanager
def lines_of(file: Path) -> Iterator[Path]:
    """The file; or, for Parquet, a temporary one with its rows as lines of JSON.

    Raises:
        typer.Exit: the extra is missing, or the file is none.
    """
    if not is_parquet(file):
        yield file
        return
    parquet = _library(file)
    with TemporaryDirectory() as folder:
        lines = Path(folder) / f"{file.stem}.jsonl"
        try:
            with parquet.ParquetFile(file) as rows, lines.open("w", encoding="ascii") as target:
                for batch in rows.iter_batches(batch_size=BATCH_ROWS):
                    target.writelines(json.dumps(row, default=_plain) + "\n" for row in batch.to_pylist())
        except (OSError, ValueError) as error:  # what is no Parquet is a ValueError of the library
            typer.echo(f"cannot read {file}: {error}", err=True)
            raise typer.Exit(ExitStatus.USAGE) from error
        yield lines


def write_results(file: Path, results: Iterable[ItemResult]) -> None:
    """Writes results as Parquet: a row each, its components as JSON.

    Raises:
        typer.Exit: the extra is missing.
    """
    parquet = _library(file)
    import pyarrow as pa

    schema = pa.schema(
        [
            ("id", pa.string()),
            ("index", pa.int64()),
            ("group", pa.string()),
            ("reward", pa.float64()),
            ("error", pa.string()),
            ("verdict", pa.string()),
            ("components", pa.string()),
        ]
    )
    rows = [_row(result) for result in results]
    parquet.write_table(pa.Table.from_pylist(rows, schema=schema), file)


def _row(result: ItemResult) -> dict[str, Any]:
    verdict = next((each.verdict for each in result.components if each.verdict is not None), None)
    return {
        "id": result.id,
        "index": result.index,
        "group": result.group,
        "reward": result.reward,
        "error": result.error.code if result.error else None,
        "verdict": None if verdict is None else verdict.value,
        "components": json.dumps([each.model_dump(mode="json", exclude_none=True) for each in result.components]),
    }


def _library(file: Path) -> Any:
    if find_spec("pyarrow") is None:
        typer.echo(f"{file} is Parquet, which needs an extra: pip install 'assay[parquet]'", err=True)
        raise typer.Exit(ExitStatus.USAGE)
    import pyarrow.parquet

    return pyarrow.parquet


def _plain(value: object) -> object:
    """What JSON has no word for: bytes as text, dates and the like as they are written."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
