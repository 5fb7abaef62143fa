#!/bin/sh
# Installs clients of trainers into .venv-clients, unless it holds them already. Prints its Python.
set -eu
cd "$(dirname "$0")/.."
venv=.venv-clients
lists="tests/e2e/clients/requirements.txt tests/e2e/clients/apart.txt"
wanted=$(cat $lists scripts/clients.sh | sha256sum | cut -c1-16)
if [ "$(cat "$venv/.ready" 2>/dev/null)" != "$wanted" ]; then
    echo "clients: installing trainers' clients into $venv, a minute or two …" >&2
    rm -rf "$venv"
    "${PYTHON:-.venv/bin/python}" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/e2e/clients/requirements.txt >&2
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r tests/e2e/clients/apart.txt >&2
    echo "$wanted" > "$venv/.ready"
fi
ours=$(sha256sum pyproject.toml | cut -c1-16)  # which says what Assay brings for others to find
if [ "$(cat "$venv/.ours" 2>/dev/null)" != "$ours" ]; then
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --editable . >&2
    echo "$ours" > "$venv/.ours"
fi
echo "$PWD/$venv/bin/python"
