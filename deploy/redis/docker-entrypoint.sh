#!/bin/sh
# As the official image's: options alone mean redis-server, and it gives up root for the user redis.
set -eu

case ${1:-} in
-* | *.conf) set -- redis-server "$@" ;;
esac
if [ "$1" = redis-server ]; then
    set -- "$@" --protected-mode no # as in the official image: only the networks of the container reach it
    if [ "$(id -u)" = 0 ]; then
        find . ! -user redis -exec chown redis {} +
        umask 0077
        exec setpriv --reuid redis --regid redis --clear-groups "$@"
    fi
fi
exec "$@"
