"""A worker refuses an agent of another version at once, and says how to get the right one."""

import io
import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

import assay_agent
from assay.errors import SandboxRefused
from assay.settings import Settings
from assay_agent.layout import AGENT_ROOT
from assay_agent.protocol import PROTOCOL_VERSION, pack_frame
from assay_workers.sandbox.agent import AgentSandbox, SandboxSettings
from assay_workers.sandbox.channel import FrameChannel, PipeStream
from assay_workers.sandbox.docker.driver import DockerDriver
from assay_workers.sandbox.jail.driver import JailDriver
from tests.fixtures.docker import engine_client, require_image

_AGENT = Path(assay_agent.__file__).parent
_OURS = f"PROTOCOL_VERSION: Final = {PROTOCOL_VERSION}\n"
_OTHER = PROTOCOL_VERSION + 7
_DOCTORED_TAG = "doctored-by-a-test"


def _doctored() -> str:
    source = (_AGENT / "protocol.py").read_text(encoding="utf-8")
    assert _OURS in source
    return source.replace(_OURS, f"PROTOCOL_VERSION: Final = {_OTHER}\n")


@pytest.mark.parametrize("greeting", [{}, {"protocol": None}, {"protocol": 1}, {"protocol": f"{PROTOCOL_VERSION}"}])
def test_only_the_same_version_will_do(greeting: dict[str, object]) -> None:
    (ours, their_out), (their_in, our_out) = os.pipe(), os.pipe()
    try:
        os.write(their_out, pack_frame({"op": "ready", "landlock_abi": 5, **greeting}))
        with pytest.raises(SandboxRefused) as caught:
            AgentSandbox(
                FrameChannel(PipeStream(our_out, ours)),
                lambda: None,
                SandboxSettings((), (), require_landlock=False),
            )
    finally:
        for descriptor in (ours, their_out, their_in, our_out):
            os.close(descriptor)
    assert (caught.value.code, caught.value.retryable) == ("sandbox_outdated", False)
    assert f"this worker {PROTOCOL_VERSION}" in caught.value.message


def test_a_jail_with_a_doctored_agent_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "assay_agent"
    shutil.copytree(_AGENT, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "protocol.py").write_text(_doctored(), encoding="utf-8")
    monkeypatch.setattr(assay_agent, "__file__", str(copy / "__init__.py"))
    with pytest.raises(SandboxRefused) as caught:
        JailDriver(Settings()).start()
    assert caught.value.code == "sandbox_outdated"
    assert f"protocol version {_OTHER}" in caught.value.message
    assert "one version of Assay" in caught.value.hint


@pytest.fixture
def doctored_image() -> Iterator[str]:
    """The tag of an image whose agent says that it is of another version."""
    require_image("python")
    client = engine_client()
    name = f"{Settings().docker_image_prefix}python"
    try:
        _commit_doctored(client, name)
        yield _DOCTORED_TAG
        client.remove_image(f"{name}:{_DOCTORED_TAG}", force=True)
    finally:
        client.close()


def _commit_doctored(client: docker.APIClient, name: str) -> None:
    container = client.create_container(f"{name}:{Settings().docker_image_tag}")["Id"]
    content, archive = _doctored().encode(), io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("protocol.py")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    client.put_archive(container, f"{AGENT_ROOT}/assay_agent", archive.getvalue())
    client.commit(container, name, _DOCTORED_TAG)
    client.remove_container(container)


def test_a_container_with_a_doctored_agent_is_refused(doctored_image: str) -> None:
    with pytest.raises(SandboxRefused) as caught:
        DockerDriver(Settings(docker_image_tag=doctored_image)).start()
    assert caught.value.code == "sandbox_outdated"
    assert f"protocol version {_OTHER}" in caught.value.message
    assert "make images" in caught.value.hint
    assert f"python:{doctored_image}" in caught.value.hint
