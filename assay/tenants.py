"""Who may ask: API keys and what each tenant may have, from one TOML file.

::

    [tenants.research]
    keys = ["sha256:3f1a…"]     # several, so that a new one can be handed out before the old one goes
    weight = 2.0                # shares of the workers, in relation to other tenants that have work
    max_queued_items = 100000

Only hashes are kept. A key is 256 random bits, so that a plain SHA-256 of it is as hard to reverse as the key is to
guess; no salt or slow hash adds to that. `assay keys new` makes one.
"""

import hashlib
import hmac
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assay.errors import ServiceError
from assay.queue.lines import EVERYONE
from assay.queue.port import Quota

__all__ = ["ANYONE", "KeyBook", "Tenant", "hash_key", "new_key", "parse_keys", "read_keys"]

KEY_BYTES: Final = 32
TENANT_NAME: Final = r"^[A-Za-z0-9_-]{1,64}$"

KeyHash = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]


@dataclass(frozen=True)
class Tenant:
    """Somebody with keys."""

    name: str
    quota: Quota


ANYONE: Final = Tenant(EVERYONE, Quota())
"""Who asks without a key, where that is allowed."""


class _TenantTable(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    keys: list[KeyHash] = Field(min_length=1)
    weight: Annotated[float, Field(gt=0, le=1000)] = 1.0
    max_queued_items: Annotated[int, Field(ge=1)] | None = None
    max_queued_mb: Annotated[float, Field(gt=0)] | None = None
    max_queued_work_s: Annotated[float, Field(gt=0)] | None = None
    batches_per_s: Annotated[float, Field(gt=0)] | None = None
    burst: Annotated[int, Field(ge=1)] = 10


class _KeysFile(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    tenants: dict[Annotated[str, Field(pattern=TENANT_NAME)], _TenantTable] = Field(min_length=1)


class KeyBook:
    """Finds the tenant of a key."""

    def __init__(self, tenants: Mapping[str, Tenant]) -> None:
        self._tenants = dict(tenants)

    def tenants(self) -> list[Tenant]:
        """Everybody who has a key, by name."""
        return sorted(set(self._tenants.values()), key=lambda tenant: tenant.name)

    def tenant_of(self, key: str) -> Tenant | None:
        """The tenant whose key this is, or None. Takes as long for a key that is nearly right as for any other."""
        given, found = hash_key(key), None
        for known, tenant in self._tenants.items():
            if hmac.compare_digest(given, known):
                found = tenant
        return found


def new_key() -> str:
    """A key nobody has; it may stand in a header and in a path."""
    return f"ak_{secrets.token_urlsafe(KEY_BYTES)}"


def hash_key(key: str) -> str:
    """What is kept of a key."""
    return "sha256:" + hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()


def parse_keys(text: str) -> KeyBook:
    """The keys of a file's text.

    Raises:
        ServiceError: ``invalid_keys``; the message names the place.
    """
    try:
        tables = _KeysFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _invalid(f"it is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"] if part != "[key]")
        raise _invalid(f"{place}: {first['msg']}") from error
    tenants: dict[str, Tenant] = {}
    if EVERYONE in tables.tenants:
        raise _invalid(f"tenants.{EVERYONE}: this is the name of those without a key")
    for name, table in tables.tenants.items():
        quota = Quota(**table.model_dump(exclude={"keys"}))
        for key_hash in table.keys:
            if key_hash in tenants:
                raise _invalid(f"tenants.{name}.keys: the key {key_hash[:15]}… stands in it twice")
            tenants[key_hash] = Tenant(name, quota)
    return KeyBook(tenants)


def read_keys(path: Path) -> KeyBook:
    """The keys of a file.

    Raises:
        ServiceError: ``invalid_keys``; it cannot be read, or is wrong.
    """
    try:
        return parse_keys(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise _invalid(f"{path} cannot be read: {error}") from error


def _invalid(reason: str) -> ServiceError:
    hint = 'it holds tables [tenants.NAME] with keys = ["sha256:…"]; `assay keys new NAME` prints one'
    return ServiceError(f"the file of keys is wrong: {reason}", code="invalid_keys", hint=hint)
