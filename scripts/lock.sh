#!/bin/sh
# Writes requirements.lock: server and development dependencies for every platform, with versions and hashes.
# The resolver lives in an environment of its own, named by the first argument. No index is written down.
set -eu

venv=$1
. "$(dirname "$0")/python.sh"

[ -x "$venv/bin/uv" ] || {
    "$PYTHON" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet uv
}
"$venv/bin/uv" pip compile pyproject.toml --quiet --extra server --group dev --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-header --no-annotate --output-file requirements.lock
if grep -n '://' requirements.lock; then
    echo "requirements.lock names a host; it must not." >&2
    exit 1
fi
