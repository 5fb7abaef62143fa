#!/bin/sh
# Makes the virtual environment named by the first argument and installs what requirements.lock pins, by hash.
# Needs a Python of 3.11 or newer with venv, nothing else; safe to repeat after an interrupted run.
set -eu

venv=$1
. "$(dirname "$0")/python.sh"

has_pip() {
    "$venv/bin/python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if ! has_pip; then
    rm -rf "$venv"
    if ! "$PYTHON" -m venv "$venv" || ! has_pip; then
        rm -rf "$venv"
        echo "$PYTHON cannot make a virtual environment: its venv or ensurepip module is missing." >&2
        echo "On Debian and Ubuntu: apt-get install python3-venv. Or name another: make setup PYTHON=…" >&2
        exit 1
    fi
fi

export PIP_DISABLE_PIP_VERSION_CHECK=1
"$venv/bin/python" -m pip install --quiet --require-hashes --requirement requirements.lock
"$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
