"""`assay keys`: a key that works, and a file that is checked."""

import re
from pathlib import Path

from typer.testing import CliRunner

from assay.cli.app import app
from assay.cli.failure import ExitStatus
from assay.tenants import parse_keys

RUN = CliRunner()


def test_a_new_key_opens_with_the_table_that_is_printed_beside_it() -> None:
    printed = RUN.invoke(app, ["keys", "new", "research"]).stdout
    key = re.search(r"ak_[\w-]+", printed)
    assert key is not None
    book = parse_keys(printed[printed.index("[tenants.") :])
    assert (tenant := book.tenant_of(key.group())) is not None
    assert tenant.name == "research"


def test_a_name_that_cannot_be_a_tenants_is_refused() -> None:
    result = RUN.invoke(app, ["keys", "new", "a.b"])
    assert result.exit_code == ExitStatus.USAGE
    assert "letters, digits" in result.output


def test_a_file_is_checked_before_a_service_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    printed = RUN.invoke(app, ["keys", "new", "research"]).stdout
    file.write_text(printed[printed.index("[tenants.") :])
    good = RUN.invoke(app, ["keys", "check", str(file)])
    assert (good.exit_code, good.stdout) == (ExitStatus.GOOD, "research\n")
    file.write_text("[tenants.a]\nkeys = []")
    bad = RUN.invoke(app, ["keys", "check", str(file)])
    assert bad.exit_code == ExitStatus.FAILED
    assert "tenants.a.keys" in bad.output
