"""An Assay whose sandboxes are containers, and the images of all languages."""

from collections.abc import Iterator

import pytest

from tests.fixtures.docker import ALL_IMAGES, docker_crew, require_image
from tests.fixtures.service import WORKERS, RunningAssay


@pytest.fixture(scope="session")
def docker_assay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssay]:
    """An Assay on the Docker driver; nothing of it may be left at its end."""
    for image in ALL_IMAGES:
        require_image(image)
    with docker_crew(tmp_path_factory.mktemp("docker"), WORKERS) as running:
        yield running
