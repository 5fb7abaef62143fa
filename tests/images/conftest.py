"""An Assay whose sandboxes are containers, and the images of all languages."""

from collections.abc import Iterator

import pytest

from assay_workers.sandbox.languages import languages
from tests.fixtures.docker import require_image
from tests.fixtures.service import RunningAssay, running_assay

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
