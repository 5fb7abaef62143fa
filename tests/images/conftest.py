"""An Assay whose sandboxes are containers, and the images of all languages."""

import time
from collections.abc import Iterator

import pytest

from assay_workers.sandbox.docker.owner import LABEL
from assay_workers.sandbox.docker.strays import is_stray
from assay_workers.sandbox.languages import languages
from tests.fixtures.docker import engine_client, require_image
from tests.fixtures.service import RunningAssay, running_assay

_GONE_S = 30.0
_ALL = sorted({language.image for language in languages().values()})


@pytest.fixture(scope="session")
def docker_assay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssay]:
    """An Assay on the Docker driver; nothing of it may be left at its end."""
    for image in _ALL:
        require_image(image)
    with running_assay(tmp_path_factory.mktemp("docker"), settings={"sandbox": "docker"}) as running:
        yield running
        assert running.end() == 0
        assert running.remains() == []
        assert "Traceback" not in running.output
    assert _left() == []


def _left() -> list[str]:
    """Sandboxes of processes that have ended, after the engine has had time to remove them."""
    client = engine_client()
    end_s = time.monotonic() + _GONE_S
    try:
        while True:
            found = client.containers(all=True, filters={"label": LABEL})
            left = [each["Id"] for each in found if is_stray(each, time.time())]
            if not left or time.monotonic() > end_s:
                return left
            time.sleep(0.2)
    finally:
        client.close()
