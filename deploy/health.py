"""The health checks of the containers: `health.py service` and `health.py worker` fail if something is ill.

A service is well if it answers: whether there is anybody to grade is for `/readyz` to say, and no reason to restart
it (`health.py ready` asks that). A container of workers is well if at least one of its workers is ready.
"""  # noqa: INP001 - a script beside the image it is copied into, no module

import socket
import sys
import urllib.request

TIMEOUT_S = 5


def check_service() -> None:
    """Returns if the service of this container answers."""
    _get("/healthz")


def check_readiness() -> None:
    """Returns if the service of this container has workers that can grade."""
    _get("/readyz")


def check_worker() -> None:
    """Returns if a worker of this container is ready; RQ notes the host name of each."""
    from assay.queue.connection import connect
    from assay.queue.keys import Keys
    from assay.settings import load_settings

    settings = load_settings()
    with connect(settings) as client:
        names = [name.decode() for name in client.zrange(Keys(settings.queue_name).workers, 0, -1)]
        hosts = [client.hget(f"rq:worker:{name}", "hostname") for name in names]
    if socket.gethostname().encode() not in hosts:
        sys.exit("no worker of this container is ready")


def _get(path: str) -> None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:8000{path}", timeout=TIMEOUT_S):
            return
    except OSError as error:
        sys.exit(f"{path}: {error}")


if __name__ == "__main__":
    {"service": check_service, "ready": check_readiness, "worker": check_worker}[sys.argv[1]]()
