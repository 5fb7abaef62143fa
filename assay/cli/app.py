"""The command line as a whole: every command is a function of its own module."""

import typer

from assay.cli.audit import audit
from assay.cli.bench import bench
from assay.cli.check_tests import check_tests
from assay.cli.compare import compare
from assay.cli.config import config
from assay.cli.convert import convert
from assay.cli.demo import demo
from assay.cli.doctor import doctor
from assay.cli.grade import grade
from assay.cli.keys import keys
from assay.cli.run import run
from assay.cli.serve import serve
from assay.cli.up import up
from assay.cli.version import version
from assay.cli.worker import worker

__all__ = ["app"]

app = typer.Typer(
    name="assay",
    help="Sandboxed code-execution and rule-based rewards for reinforcement learning.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
for command in (up, serve, worker, grade, run, compare, bench, check_tests, convert, demo, doctor, config, version):
    app.command()(command)
app.add_typer(audit)
app.add_typer(keys)
