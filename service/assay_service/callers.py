"""Who calls: the tenant of a request's API key, which comes in a header or in front of the path.

A client that cannot send a header is given the address ``http://host:port/t/<key>``: `KeyInPath` takes the key off
the path before anything sees it, so that it stands in no log and in no route.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.types import ASGIApp, Receive, Scope, Send

from assay.tenants import Tenant
from assay_service.edge import TheEdge
from assay_service.problems import PREFIX

__all__ = ["Caller", "KeyInPath", "TheCaller"]

_IN_PATH: Final = re.compile(r"/t/([^/]+)(/.*)?")
_KEY: Final = "assay.key"

_bearer = HTTPBearer(auto_error=False, description="An API key. Needed where the service has a `keys_file`.")


@dataclass(frozen=True)
class Caller:
    """Whose request it is."""

    tenant: Tenant
    prefix: str
    """What the paths of this caller begin with: empty, or with the key in it."""

    def path(self, path: str) -> str:
        """A path of the service as this caller must ask for it."""
        return self.prefix + path


class KeyInPath:
    """ASGI middleware: takes ``/t/<key>`` off the path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the application on the rest of the path."""
        if scope["type"] == "http" and (found := _IN_PATH.fullmatch(scope["path"])):
            key, rest = found.group(1), found.group(2) or "/"
            scope = {**scope, "path": rest, "raw_path": rest.encode(), _KEY: key, PREFIX: f"/t/{key}"}
        await self._app(scope, receive, send)


async def _identify(
    request: Request, edge: TheEdge, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Caller:
    key = request.scope.get(_KEY) or (bearer.credentials if bearer else None)
    return Caller(edge.doorkeeper.admit(key), request.scope.get(PREFIX, ""))


TheCaller = Annotated[Caller, Depends(_identify)]
"""A route's parameter; a request without it needs no key."""
