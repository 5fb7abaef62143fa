# Sourced: sets PYTHON to an interpreter that Assay runs under, or ends with advice.
# An interpreter named by the caller is taken or refused, never replaced by another.

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if [ -n "${PYTHON:-}" ]; then
    is_new_enough "$PYTHON" || {
        echo "PYTHON=$PYTHON is not a Python of version 3.11 or newer." >&2
        exit 1
    }
else
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if is_new_enough "$candidate"; then
            PYTHON=$candidate
            break
        fi
    done
    [ -n "${PYTHON:-}" ] || {
        echo "Assay needs Python 3.11 or newer; none of python3, python3.11 … python3.14 is." >&2
        echo "Install one, or name it: make setup PYTHON=/path/to/python3.12" >&2
        exit 1
    }
fi
