"""The one settings tree, read from `assay.toml` (or the file in `ASSAY_CONFIG`) and from `ASSAY_*` variables.

The environment wins over the file, the file over the defaults. Unknown keys are rejected. `assay config`
prints the values in force; `docs/settings.md` is generated from the descriptions below.
"""

import ipaddress
import os
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

__all__ = ["Settings", "available_cores", "load_settings"]

CONFIG_VARIABLE = "ASSAY_CONFIG"
DEFAULT_CONFIG_FILE = "assay.toml"


@cache
def available_cores() -> int:
    """The number of cores this process may use."""
    return len(os.sched_getaffinity(0))


class Settings(BaseSettings):
    """Settings of the service and the workers."""

    model_config = SettingsConfigDict(
        env_prefix="ASSAY_", extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    host: str = "127.0.0.1"
    """Address the service listens on."""
    keys_file: Path | None = None
    """File of API keys and quotas by tenant (`docs/tenants.md`); without it whoever reaches the service may ask."""
    allow_anonymous: bool = False
    """Whether requests without a key are served beside a `keys_file`, or on an address that is not loopback."""
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    """Port the service listens on; 0 takes a free one."""
    data_dir: Path = Path(".assay")
    """Directory of everything `assay up` keeps: the embedded queue's data, sockets and logs."""
    redis_url: str | None = None
    """Redis or Valkey to use (`redis://`, `rediss://`, `unix://`); without it `assay up` starts its own."""
    queue_name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")] = "assay"
    """Name of the RQ queue and prefix of every key, so that several Assays can share a Redis."""
    workers: Annotated[int, Field(ge=1, le=256)] = Field(default_factory=available_cores)
    """Worker processes of `assay up` and `assay worker`; each has one sandbox slot. By default one per core."""

    max_body_mb: Annotated[int, Field(ge=1, le=4096)] = 512
    """Largest request body, in MiB."""
    max_batch_items: Annotated[int, Field(ge=1)] = 65_536
    """Most items of one batch."""
    max_queued_items: Annotated[int, Field(ge=1)] = 1_000_000
    """Most items that may be queued; beyond it batches are answered 429."""
    max_queued_mb: Annotated[int, Field(ge=1)] = 16_384
    """Most MiB of items that may be queued. How much Redis holds bounds it, too, where its `maxmemory` is set."""
    max_queued_work_s: Annotated[float, Field(gt=0)] = 1_000_000.0
    """Most expected work that may be queued, in seconds of one worker."""
    result_ttl_s: Annotated[int, Field(ge=60)] = 86_400
    """How long a batch and its results are kept after its last change, in seconds."""
    verdict_ttl_s: Annotated[int, Field(ge=0)] = 3600
    """How long the verdict on a program is remembered, in seconds, so that it is not run again; 0: never."""
    max_verdicts_mb: Annotated[int, Field(ge=1)] = 256
    """Most MiB of remembered verdicts of one tenant; the oldest go first."""
    suite_ttl_s: Annotated[int, Field(ge=60)] = 604_800
    """How long an uploaded suite is kept after its last use, in seconds."""
    max_suites_mb: Annotated[int, Field(ge=1)] = 2048
    """Most MiB of uploaded suites of one tenant."""
    rewards_timeout_s: Annotated[float, Field(gt=0)] = 3600.0
    """How long `POST /v1/rewards` waits before it answers 504 and leaves the batch running, in seconds."""

    shard_work_s: Annotated[float, Field(gt=0)] = 0.5
    """Expected work of one shard (one RQ job), in seconds."""
    shard_attempts: Annotated[int, Field(ge=1, le=100)] = 3
    """How often a shard is taken up before its unanswered items become the error `worker_lost`."""
    shard_lease_s: Annotated[float, Field(ge=5)] = 60.0
    """A shard whose worker gives no sign of life for this long, in seconds, is given to another."""

    sandbox: Literal["jail", "docker"] = "jail"
    """Driver of the sandboxes: `jail` (bubblewrap; Python, and what this machine has the tools for) or `docker`."""
    sandbox_reuse: Literal["warm", "fresh"] = "warm"
    """`warm`: a sandbox runs many submissions, each in cells of its own. `fresh`: a sandbox per submission."""
    sandbox_spares: Annotated[int, Field(ge=0, le=64)] = 1
    """With `fresh`: sandboxes that are started ahead of need, for each image and worker."""
    sandbox_artifacts_mb: Annotated[int, Field(ge=0)] = 256
    """How much of what compilers made a worker keeps, in MiB, so that nothing is compiled twice."""
    sandbox_python: Path | None = None
    """Interpreter that candidates run under; by default the one Assay runs under."""
    sandbox_packages: tuple[str, ...] = ("numpy", "sympy")
    """Installed distributions, with what they need, that candidates may import."""
    sandbox_preload: tuple[str, ...] = ("numpy", "sympy")
    """Modules that are imported before a candidate runs, when its source names them."""
    sandbox_recycle_tests: Annotated[int, Field(ge=1)] = 50_000
    """Tests after which a sandbox is replaced by a fresh one."""
    sandbox_landlock: Literal["auto", "require"] = "auto"
    """`require` refuses to grade where the kernel has no Landlock; `auto` relies on the namespaces there."""

    testlib: Path | None = None
    """Path of `testlib.h`, for the C++ checkers of suites that include it and do not bring it."""

    docker_image_prefix: str = "assay-sandbox-"
    """What the names of the sandbox images begin with, a registry's address included; the image's own follows."""
    docker_image_tag: Annotated[str, Field(pattern=r"^[\w][\w.-]{0,127}$")] = "latest"
    """Tag of the sandbox images."""
    docker_runtime: str = ""
    """OCI runtime of the sandboxes as the engine knows it (`runc`, `runsc`, `kata`); empty: its default."""
    docker_cpus: Annotated[float, Field(gt=0, le=256)] = 1.0
    """Processors that one sandbox may use at a time."""
    docker_warm_images: Annotated[int, Field(ge=1, le=64)] = 8
    """Of how many images a worker keeps a container running; the one used longest ago makes room."""
    docker_patience_s: Annotated[float, Field(gt=0, le=3600)] = 60.0
    """How long an engine that is away is waited for, in seconds."""

    math_timeout_s: Annotated[float, Field(gt=0, le=60)] = 5.0
    """CPU seconds the mathematics verifier may spend on one answer; beyond it the answer is wrong."""
    math_memory_mb: Annotated[int, Field(ge=128)] = 1024
    """Memory of a mathematics verifier, in MiB."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least severity that is logged."""
    log_format: Literal["auto", "json", "console"] = "auto"
    """`auto` is `console` on a terminal and `json` elsewhere."""

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @model_validator(mode="after")
    def _closed_to_strangers(self) -> Self:
        if self.keys_file is None and not self.allow_anonymous and not _is_loopback(self.host):
            raise ValueError(
                f"without a `keys_file` the service listens on loopback only, not on {self.host}: make one with "
                "`assay keys new`, or set `allow_anonymous` if everybody who reaches that address may ask"
            )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        del dotenv_settings, file_secret_settings
        toml = TomlConfigSettingsSource(settings_cls, os.environ.get(CONFIG_VARIABLE, DEFAULT_CONFIG_FILE))
        return init_settings, env_settings, toml


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def load_settings(**overrides: object) -> Settings:
    """Reads the settings; ``overrides`` that are not None win over everything.

    Raises:
        pydantic.ValidationError: a value is out of range, or a key of the file is unknown.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    return Settings(**given)  # type: ignore[arg-type]
