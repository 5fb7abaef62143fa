#!/bin/sh
# Runs compose, whichever version is here, on this repository's stack. The project is called assay, whatever the folder.
# `compose.sh --find` says which compose that is, or fails.
set -eu

cd "$(dirname "$0")/.."
if docker compose version >/dev/null 2>&1; then
    set -- docker compose "$@"
elif command -v docker-compose >/dev/null 2>&1; then
    set -- docker-compose "$@"
else
    echo "There is no compose; \`make provision\` says what to do." >&2
    exit 1
fi
for last; do :; done
if [ "$last" = --find ]; then
    echo "$*" | sed 's/ --find$//'
    exit
fi
export COMPOSE_PROJECT_NAME="${COMPOSE_PROJECT_NAME:-assay}"
exec "$@"
