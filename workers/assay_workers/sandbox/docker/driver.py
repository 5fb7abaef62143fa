"""Starts agents in containers, one image for each family of languages.

The container lives as long as its worker's connection: when that breaks, the agent reads the end of its input and
ends, and the engine removes the container. What is left over all the same is found by its label (`strays`).
"""

import contextlib
import time
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any, Final

import docker

from assay.contract import Limits
from assay.errors import SandboxLost, SandboxRefused
from assay.settings import Settings
from assay_workers.sandbox.agent import AgentSandbox, SandboxSettings
from assay_workers.sandbox.channel import FrameChannel
from assay_workers.sandbox.compilation import ArtifactCache
from assay_workers.sandbox.docker.container import ContainerPlan, memory_for
from assay_workers.sandbox.docker.engine import Engine, NameTaken
from assay_workers.sandbox.docker.identities import Identities, choose_identities, container_name
from assay_workers.sandbox.docker.stream import AttachedStream
from assay_workers.sandbox.languages import Language

__all__ = ["PYTHON_IMAGE", "DockerDriver", "DockerSandboxes"]

PYTHON_IMAGE: Final = "python"
"""The image whose nurseries import modules ahead of candidates."""
MOST_TESTS: Final = 50_000
"""Cells of one container, each with a user of its own."""
_REMAPPING: Final = ("name=userns", "name=rootless")
_IMAGE_S: Final = 30.0
"""How long an image is believed to be the one it was."""
_LAST_WORDS_S: Final = 0.5
_ATTACH: Final = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}


class DockerDriver:
    """Starts containers of one image, all alike."""

    def __init__(
        self,
        settings: Settings,
        image: str = PYTHON_IMAGE,
        modules: Sequence[str] = (),
        artifacts: ArtifactCache | None = None,
    ) -> None:
        """Takes note; the engine is asked when the first sandbox is started.

        Arguments:
            settings: the settings.
            image: the image as the language table calls it.
            modules: what every nursery has imported beforehand.
            artifacts: what compilers made, shared with the worker's other sandboxes.
        """
        self._settings = settings
        self._image = image
        self._modules = tuple(modules)
        self._artifacts = artifacts
        self._engine = Engine(settings.docker_patience_s)

    def start(self) -> AgentSandbox:
        """A fresh sandbox.

        Raises:
            SandboxRefused: the engine has no such image or runtime, or its kernel does not let the agent isolate.
            SandboxLost: the engine is away, or the sandbox did not come up.
        """
        container, plan = self._create()
        stream: AttachedStream | None = None
        try:
            stream = AttachedStream(self._engine.once(lambda client: client.attach_socket(container, _ATTACH)))
            self._engine.once(lambda client: client.start(container))
        except (SandboxLost, SandboxRefused, NameTaken) as error:
            if stream is not None:
                stream.close()
            self._engine.remove(container)
            if isinstance(error, NameTaken):
                raise SandboxLost(f"the container was taken away: {error}") from error
            raise
        return self._shake_hands(container, plan, stream)

    def _shake_hands(self, container: str, plan: ContainerPlan, stream: AttachedStream) -> AgentSandbox:
        def stop() -> None:
            stream.close()
            self._engine.remove(container)

        try:
            room = _Room(self._engine, container, plan.memory_mb)
            return AgentSandbox(FrameChannel(stream), stop, self._agent_settings(plan.identities), room.make)
        except (SandboxLost, SandboxRefused) as error:
            stream.drain(_LAST_WORDS_S)
            stop()
            said = "" if stream.complaint in error.message else f"; it said: {stream.complaint}"
            raise type(error)(
                f"a container of {plan.image} did not come up: {error.message}{said}",
                code=error.code,
                hint=f"run `make images`, or pull {plan.image} of this version of Assay",
            ) from error

    def _create(self) -> tuple[str, ContainerPlan]:
        for identities in choose_identities(self._remaps_users):
            plan = ContainerPlan(
                image=f"{self._settings.docker_image_prefix}{self._image}:{self._settings.docker_image_tag}",
                short_name=self._image,
                identities=identities,
                memory_mb=memory_for(Limits()),
                cpus=self._settings.docker_cpus,
                runtime=self._settings.docker_runtime,
            )
            with contextlib.suppress(NameTaken):
                return self._engine.call(partial(_create, plan=plan)), plan
        raise SandboxLost("every range of users on the engine is taken", hint="remove containers that nobody needs")

    def _agent_settings(self, identities: Identities) -> SandboxSettings:
        return SandboxSettings(
            self._settings.sandbox_preload if self._image == PYTHON_IMAGE else (),
            (),
            require_landlock=self._settings.sandbox_landlock == "require",
            modules=self._modules,
            identities=(identities.first, identities.size),
            artifacts=self._artifacts,
        )

    @cached_property
    def _remaps_users(self) -> bool:
        info: dict[str, Any] = self._engine.call(lambda client: client.info())
        options = info.get("SecurityOptions") or ()
        return any(option.partition(",")[0] in _REMAPPING for option in options)


def _create(client: docker.APIClient, plan: ContainerPlan) -> str:
    arguments = plan.arguments(container_name(plan.identities), client.api_version)
    container: str = client.create_container(**arguments)["Id"]
    return container


class _Room:
    """The memory of a container, which grows to hold what is asked of it."""

    def __init__(self, engine: Engine, container: str, memory_mb: int) -> None:
        self._engine = engine
        self._container = container
        self._memory_mb = memory_mb

    def make(self, limits: Limits) -> None:
        """Sees to it that a cell meets its own limit before the container's.

        Raises:
            SandboxLost: the engine is away, or the container gone.
        """
        needed_mb = memory_for(limits)
        if needed_mb <= self._memory_mb:
            return
        size = needed_mb << 20
        try:
            self._engine.once(
                lambda client: client.update_container(self._container, mem_limit=size, memswap_limit=size)
            )
        except NameTaken as error:
            raise SandboxLost(f"the container was taken away: {error}") from error
        self._memory_mb = needed_mb


class DockerSandboxes:
    """The containers of one worker; see `assay_workers.sandbox.slots.Sandboxes`."""

    def __init__(self, settings: Settings, artifacts: ArtifactCache, modules: Sequence[str] = ()) -> None:
        self._settings = settings
        self._artifacts = artifacts
        self._modules = tuple(modules)
        self._engine = Engine(settings.docker_patience_s)
        self._images: dict[str, tuple[str, float]] = {}

    def place_of(self, language: Language) -> str:
        """The image of the language's row."""
        return language.image

    def starter(self, place: str) -> Callable[[], AgentSandbox]:
        """What starts containers of the image ``place``."""
        return DockerDriver(self._settings, place, self._modules, self._artifacts).start

    def environment_of(self, place: str) -> str:
        """The image, by what it is and not by its name; asked of the engine anew after a while.

        Raises:
            SandboxLost: the engine is away.
            SandboxRefused: it has no such image.
        """
        image_id, asked_s = self._images.get(place, ("", float("-inf")))
        if time.monotonic() - asked_s > _IMAGE_S:
            name = f"{self._settings.docker_image_prefix}{place}:{self._settings.docker_image_tag}"
            image_id = self._engine.call(lambda client: str(client.inspect_image(name)["Id"]))
            self._images[place] = image_id, time.monotonic()
        return f"docker {image_id} {self._settings.docker_runtime} {self._settings.testlib}"

    def most_tests(self) -> int:
        """As many as there are users for."""
        return MOST_TESTS
