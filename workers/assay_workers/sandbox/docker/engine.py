"""The Docker engine, as far as sandboxes need it; finds it by `DOCKER_HOST` and the like, as every client does.

An engine that is away for a while (restarted, overloaded) is waited for. What remains is one of two errors: the
engine is away, which a retry may mend, or it refuses what is asked, which somebody has to mend.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

import docker
import requests
import urllib3
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from assay.errors import SandboxLost, SandboxRefused

__all__ = ["Engine", "NameTaken"]

_CALL_S: Final = 60
"""How long one request to the engine may take."""
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 2.0
_AWAY: Final = (requests.RequestException, urllib3.exceptions.HTTPError, ConnectionError, TimeoutError)
_CONFLICT: Final = 409
_SERVER_ERRORS: Final = 500

T = TypeVar("T")


class NameTaken(Exception):
    """Another container has the name."""


class Engine:
    """Requests to the engine; may be used by several threads."""

    def __init__(self, patience_s: float, call_s: float = _CALL_S) -> None:
        """How long an engine that is away is waited for, and how long for the answer to one request."""
        self._patience_s = patience_s
        self._call_s = call_s
        self._local = threading.local()

    def call(self, request: Callable[[docker.APIClient], T]) -> T:
        """Makes a request, again and again while the engine is away.

        Raises:
            SandboxLost: the engine stayed away.
            SandboxRefused: it refuses what is asked.
            NameTaken: a container cannot have the name asked for.
        """
        retrying = Retrying(
            stop=stop_after_delay(self._patience_s),
            wait=wait_random_exponential(multiplier=_FIRST_PAUSE_S, max=_LONGEST_PAUSE_S),
            retry=retry_if_exception_type(SandboxLost),
            reraise=True,
        )
        answer: T = retrying(self.once, request)
        return answer

    def once(self, request: Callable[[docker.APIClient], T]) -> T:
        """Makes a request once; the same errors."""
        try:
            return request(self._client())
        except ImageNotFound as error:
            hint = "`make images` builds the images of all languages"
            raise SandboxRefused(f"the Docker engine has no such image: {error.explanation}", hint=hint) from error
        except APIError as error:
            raise _translated(error) from error
        except (DockerException, *_AWAY) as error:
            self._forget()
            hint = "start it, or set DOCKER_HOST to where it listens"
            raise SandboxLost(f"the Docker engine does not answer: {error}", hint=hint) from error

    def remove(self, container: str) -> None:
        """Removes a container, dead or alive; one that is gone already is fine."""
        with suppress(SandboxLost, SandboxRefused, NameTaken, NotFound):
            self.once(lambda client: client.remove_container(container, force=True, v=True))

    def close(self) -> None:
        """Hangs up, in this thread."""
        self._forget()

    def _client(self) -> docker.APIClient:
        client: docker.APIClient | None = getattr(self._local, "client", None)
        if client is None:
            client = docker.from_env(timeout=self._call_s).api
            self._local.client = client
        return client

    def _forget(self) -> None:
        client: Any = getattr(self._local, "client", None)
        self._local.client = None
        if client is not None:
            client.close()


def _translated(error: APIError) -> Exception:
    if isinstance(error, NotFound):
        return SandboxLost(f"the container is gone: {error.explanation}")
    if error.status_code == _CONFLICT:
        return NameTaken(str(error.explanation))
    if error.status_code is not None and error.status_code >= _SERVER_ERRORS:
        return SandboxLost(f"the Docker engine failed: {error.explanation}")
    hint = "see the settings that begin with docker_"
    return SandboxRefused(f"the Docker engine refuses the sandbox: {error.explanation}", hint=hint)
