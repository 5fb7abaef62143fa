"""The pages about the API are current."""

import runpy
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from assay.errors import ERRORS
from assay_service.routes import batches, health, results, rewards

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_of_errors_is_generated_from_the_table() -> None:
    render = runpy.run_path(str(DOCS / "generate_errors.py"))["render"]
    assert (DOCS / "errors.md").read_text(encoding="utf-8") == render()


def test_the_page_of_languages_is_generated_from_the_table() -> None:
    render = runpy.run_path(str(DOCS / "generate_languages.py"))["render"]
    assert (DOCS / "languages.md").read_text(encoding="utf-8") == render()


@pytest.mark.parametrize("code", ERRORS)
def test_every_error_code_is_on_the_page(code: str) -> None:
    assert f"`{code}`" in (DOCS / "errors.md").read_text(encoding="utf-8")


def test_every_route_is_on_the_page_of_the_api() -> None:
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    routes = [route for module in (batches, health, results, rewards) for route in module.router.routes]
    named = {
        f"`{method} {route.path}`"
        for route in routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert named
    assert [name for name in sorted(named) if name not in page] == []
