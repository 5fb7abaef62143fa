"""The service does what its OpenAPI document says, for requests that schemathesis makes up from it."""

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from assay.errors import ERRORS
from tests.integration.service.conftest import Service

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


OPERATIONS = [
    ("POST", "/v1/rewards"),
    ("POST", "/v1/batches"),
    ("GET", "/v1/batches/{batch_id}"),
    ("DELETE", "/v1/batches/{batch_id}"),
    ("GET", "/v1/batches/{batch_id}/results"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/v1/flags"),
    ("PUT", "/v1/suites/{sha256}"),
    ("GET", "/v1/suites/{sha256}"),
    ("DELETE", "/v1/suites/{sha256}"),
    ("POST", "/get_reward"),
    ("POST", "/compat/slime"),
    ("POST", "/run_code"),
    ("POST", "/run_jupyter"),
    ("POST", "/submit"),
    ("GET", "/v1/ping"),
    ("GET", "/list_datasets"),
    ("POST", "/seed_session"),
    ("POST", "/verify"),
    ("POST", "/aggregate_metrics"),
    ("GET", "/api/v2/runtimes"),
    ("GET", "/api/v2/packages"),
    ("POST", "/api/v2/execute"),
    ("POST", "/compat/openinstruct/test_program"),
    ("POST", "/compat/openinstruct/test_program_stdio"),
    ("GET", "/compat/openinstruct/health"),
    ("POST", "/compat/e2b/execute_batch"),
    ("GET", "/compat/e2b/health"),
    ("POST", "/compat/morph/execute_batch"),
    ("POST", "/compat/codejudge/{action}"),
    ("POST", "/compat/codejudge/{action}/batch"),
    ("GET", "/compat/codejudge/ping"),
    ("GET", "/compat/codejudge/status"),
    ("POST", "/compat/scalebox/common_evaluate_batch"),
    ("POST", "/compat/llamafactory"),
    ("POST", "/compat/judge0/submissions"),
    ("POST", "/compat/judge0/submissions/batch"),
    ("GET", "/compat/judge0/submissions/batch"),
    ("GET", "/compat/judge0/submissions/{token}"),
    ("POST", "/compat/roll/submit"),
    ("POST", "/compat/roll/result"),
]
NEVER_WRONG = {
    ("DELETE", "/v1/batches/{batch_id}"),
    *(("GET", path) for path in ("/healthz", "/readyz", "/v1/ping", "/list_datasets")),
    *(("GET", f"/api/v2/{what}") for what in ("runtimes", "packages")),
    *(
        ("GET", f"/compat/{what}")
        for what in ("openinstruct/health", "e2b/health", "codejudge/ping", "codejudge/status")
    ),
}
"""Requests without a parameter that could have a wrong value."""


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [(*operation, GenerationMode.POSITIVE) for operation in OPERATIONS]
    + [(*operation, GenerationMode.NEGATIVE) for operation in OPERATIONS if operation not in NEVER_WRONG],
)
def test_every_answer_is_as_documented(service: Service, method: str, path: str, mode: GenerationMode) -> None:
    # Without schemathesis' pytest plugin, which does not know this pytest.
    operation = schemathesis.openapi.from_url(f"{service.url}/openapi.json")[path][method]

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(operation.as_strategy(generation_mode=mode))
    def answers_as_documented(case: Any) -> None:
        case.call_and_validate(checks=CHECKS, timeout=30)

    answers_as_documented()


def test_every_operation_and_every_problem_has_a_description_and_an_example(http: httpx.Client) -> None:
    document = http.get("/openapi.json").json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len(operations) == len(OPERATIONS)
    for operation in operations:
        assert operation["summary"]
        assert operation["description"]
        for status, answer in operation["responses"].items():
            assert answer["description"]
            if problem := answer["content"].get("application/problem+json"):
                assert {ERRORS[code].status for code in problem["examples"]} == {int(status)}


def test_every_schema_that_is_referred_to_is_there(http: httpx.Client) -> None:
    document = http.get("/openapi.json").json()
    assert set(_references(document)) <= {
        f"#/components/schemas/{name}" for name in document["components"]["schemas"]
    }


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for part in node.values() for found in _references(part)]
    return [found for part in node for found in _references(part)] if isinstance(node, list) else []
