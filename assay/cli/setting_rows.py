"""Describes settings: their values and origins for `assay config`, their meaning for docs/settings.md."""

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource, TomlConfigSettingsSource

from assay.settings import CONFIG_VARIABLE, DEFAULT_CONFIG_FILE, Settings

__all__ = ["SettingRow", "markdown_reference", "setting_rows", "toml_text"]

HEADING: Final = """\
# Settings

Written by `make docs` from `assay/settings.py`; do not edit. A setting is read, first match first, from an option
of the command where it has one, from the environment variable, from `assay.toml` in the working directory (or
the file that `ASSAY_CONFIG` names), and else has its default. Unknown keys of the file are refused. `assay
config` prints the values in force.

| setting | environment variable | type | default | meaning |
|---|---|---|---|---|
"""
COMPUTED_DEFAULTS: Final = {"data_dir": "`.assay`", "workers": "one per core"}
"""Defaults that depend on the machine or the working directory."""


BOUNDS: Final = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


@dataclass(frozen=True)
class SettingRow:
    """One setting with its value in force, a JSON value."""

    name: str
    value: Any
    origin: str
    """Where the value comes from: ``default``, a file or an environment variable."""
    description: str


def setting_rows(settings: Settings) -> list[SettingRow]:
    """The settings in the order of their definition."""
    values = settings.model_dump(mode="json")
    origins = _origins()
    return [
        SettingRow(name, _without_password(values[name]), origins.get(name, "default"), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def toml_text(rows: Sequence[SettingRow]) -> str:
    """The rows as a TOML file that means the same; what is unset stands in a comment."""
    return "\n".join(f"# {row.description}\n# from: {row.origin}\n{_assignment(row)}\n" for row in rows)


def markdown_reference() -> str:
    """The page docs/settings.md."""
    schemas = Settings.model_json_schema()["properties"]
    fields = Settings.model_fields
    return HEADING + "".join(_markdown_row(name, field, schemas[name]) for name, field in fields.items())


def _without_password(value: Any) -> Any:
    """Hides the password of a URL: the output of `assay config` is pasted into reports."""
    return re.sub(r"(?<=://)([^/@]*):[^/@]*@", r"\1:***@", value) if isinstance(value, str) else value


def _origins() -> dict[str, str]:
    file = os.environ.get(CONFIG_VARIABLE, DEFAULT_CONFIG_FILE)
    in_file = TomlConfigSettingsSource(Settings, Path(file))()
    in_environment = EnvSettingsSource(Settings)()
    return dict.fromkeys(in_file, file) | {name: f"ASSAY_{name.upper()}" for name in in_environment}


def _assignment(row: SettingRow) -> str:
    if row.value is None:
        return f"# {row.name} ="
    # A JSON string, number, boolean or list of those is TOML too, once DEL is escaped.
    text = json.dumps(row.value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"{row.name} = {text}"


def _markdown_row(name: str, field: FieldInfo, schema: dict[str, Any]) -> str:
    default = COMPUTED_DEFAULTS.get(name) or _shown(field.get_default())
    cells = (f"`{name}`", f"`ASSAY_{name.upper()}`", _schema_text(schema), default, field.description or "")
    return "| " + " | ".join(re.sub(r"\s+", " ", cell).replace("|", "\\|") for cell in cells) + " |\n"


def _shown(default: Any) -> str:
    if default is None:
        return "unset"
    return f"`{json.dumps(default)}`"


def _schema_text(schema: dict[str, Any]) -> str:
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema:
        return " or ".join(_schema_text(part) for part in schema["anyOf"] if part.get("type") != "null")
    if schema["type"] == "array":
        return "list of " + _schema_text(schema["items"])
    words = {"integer": "integer", "number": "number", "string": "text", "boolean": "boolean"}
    kind = "path" if schema.get("format") == "path" else words[schema["type"]]
    bounds = [f"{sign} {schema[key]:g}" for key, sign in BOUNDS.items() if key in schema]
    return " ".join([kind, ", ".join(bounds)]).strip()
