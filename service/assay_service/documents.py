"""The parts of the OpenAPI document that FastAPI cannot derive: bodies that are read and written as bytes."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from assay.contract import BatchRequest, BatchResult, BatchSummary, DatasetSuite, FlagReport, ItemResult
from assay.contract.shared import SharedSuite, SuiteReceipt
from assay.errors import ERRORS, AssayError
from assay_service.problems import PROBLEM_TYPE, RETRY_AFTER_S, Problem, describe_problem

__all__ = [
    "BATCH_BODY",
    "OPENRLHF_BODY",
    "SAMPLE_BODY",
    "SUITE_BODY",
    "batch_answer",
    "describe_api",
    "json_answer",
    "problem_answers",
]

Document = dict[str, Any]
_REFERENCE: Final = "#/components/schemas/{model}"

REQUEST_EXAMPLE: Final[Document] = {
    "items": [
        {
            "id": "step12-prompt7-sample3",
            "group": "prompt7",
            "completion": "<think>\nTwice.\n</think>\n<answer>\n```python\nprint(2 * int(input()))\n```\n</answer>",
            "rewards": [
                {
                    "type": "code",
                    "tests": {"kind": "stdio", "cases": [{"stdin": "21\n", "expected": "42\n"}]},
                    "limits": {"cpu_s": 2, "memory_mb": 512},
                },
                {"type": "format", "weight": 0.1},
            ],
        }
    ],
    "detail": "verdicts",
}
SUITE_MODELS: Final = (
    "StdioSuite",
    "InteractiveSuite",
    "FunctionSuite",
    "AssertSuite",
    "ScriptSuite",
    "PytestSuite",
    "DatasetSuite",
)
_MODELS: Final[tuple[type[BaseModel], ...]] = (
    BatchRequest,
    BatchResult,
    BatchSummary,
    DatasetSuite,
    FlagReport,
    ItemResult,
    Problem,
    SharedSuite,
    SuiteReceipt,
)
BATCH_ID: Final = "0f5ac3d1e8b74c6c9d7bb0a8f2f3f6a1"
RESULT_EXAMPLE: Final[Document] = {
    "id": "step12-prompt7-sample3",
    "index": 0,
    "group": "prompt7",
    "reward": 1.1,
    "error": None,
    "components": [
        {
            "type": "code",
            "score": 1.0,
            "weight": 1.0,
            "verdict": "accepted",
            "passed": 1,
            "total": 1,
            "tests": [{"verdict": "accepted", "cpu_ms": 3.1, "wall_ms": 3.4, "memory_mb": 14.2, "flags": []}],
            "integrity": "external",
            "flags": [],
            "suite_warnings": [],
        },
        {"type": "format", "score": 1.0, "weight": 0.1},
    ],
}
_RUNNING: Final[Document] = {"id": BATCH_ID, "status": "running", "total": 1, "done": 0}
_ENDED: Final[Document] = {
    **_RUNNING,
    "status": "finished",
    "done": 1,
    "results": [RESULT_EXAMPLE],
    "summary": {
        "items": 1,
        "judged": 1,
        "errors": 0,
        "mean_reward": 1.1,
        "verdicts": {"accepted": 1},
        "error_codes": {},
        "flags": {},
        "duration_ms": 12.5,
    },
}

BATCH_BODY: Final[Document] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": _REFERENCE.format(model="BatchRequest")},
                "example": REQUEST_EXAMPLE,
            }
        },
    },
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "Makes a retry safe: the same key with the same body is the same batch.",
            "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
            "example": "run7-step12",
        }
    ],
}


SUITE_BODY: Final[Document] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"oneOf": [{"$ref": _REFERENCE.format(model=model)} for model in SUITE_MODELS]},
                "example": {"kind": "stdio", "cases": [{"stdin": "21\n", "expected": "42\n"}]},
            }
        },
    }
}


def _body(properties: Document, required: list[str], example: Document) -> Document:
    schema = {"type": "object", "required": required, "properties": properties}
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


_TEXTS: Final[Document] = {"type": "array", "items": {"type": "string"}}
OPENRLHF_BODY: Final = _body(
    {"query": _TEXTS, "prompts": _TEXTS, "labels": _TEXTS},
    ["query", "labels"],
    {"query": ["2 + 2 = It is \\boxed{4}"], "prompts": ["2 + 2 = "], "labels": ["4"]},
)
SAMPLE_BODY: Final = _body(
    {"prompt": {}, "response": {"type": "string"}, "label": {}},
    ["response", "label"],
    {"prompt": "2 + 2 = ", "response": "It is \\boxed{4}", "label": "4"},
)


def json_answer(description: str, model: str, example: Document) -> Document:
    """The documentation of a JSON answer."""
    schema = {"$ref": _REFERENCE.format(model=model)}
    return {"description": description, "content": {"application/json": {"schema": schema, "example": example}}}


def batch_answer(description: str, *, ended: bool) -> Document:
    """The documentation of an answer that is a batch."""
    return json_answer(description, "BatchResult", _ENDED if ended else _RUNNING)


def problem_answers(*codes: str) -> dict[int | str, Document]:
    """The documentation of a route's errors, by status; every route may also answer ``internal``."""
    answers: dict[int | str, Document] = {}
    for code in (*codes, "internal"):
        answer = answers.setdefault(ERRORS[code].status, _problem_answer(ERRORS[code].status))
        answer["description"] = f"{answer['description']} `{code}`: {ERRORS[code].meaning}".strip()
        example = describe_problem(AssayError(code=code)).model_dump(exclude_none=True)
        answer["content"][PROBLEM_TYPE]["examples"][code] = {"value": example}
    return answers


def _problem_answer(status: int) -> Document:
    schema = {"$ref": _REFERENCE.format(model="Problem")}
    answer: Document = {"description": "", "content": {PROBLEM_TYPE: {"schema": schema, "examples": {}}}}
    if status in {429, 503}:
        answer["headers"] = {
            "Retry-After": {
                "description": f"Seconds to wait before the next attempt, {RETRY_AFTER_S}.",
                "schema": {"type": "integer"},
            }
        }
    return answer


def describe_api(app: FastAPI) -> Callable[[], Document]:
    """What replaces ``app.openapi``: the derived document with the schemas of the contract."""
    derive = app.openapi

    def describe() -> Document:
        document = derive()
        _, contract = models_json_schema([(model, "validation") for model in _MODELS], ref_template=_REFERENCE)
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(contract["$defs"])
        _allow_rows(schemas)
        return document

    return describe


def _allow_rows(schemas: Document) -> None:
    """A request may have a dataset's row or a reference where it may have tests; the models know suites alone."""
    others = {"dataset": _REFERENCE.format(model="DatasetSuite"), "shared": _REFERENCE.format(model="SharedSuite")}
    for reward in ("CodeReward", "BinaryCodeReward", "CfCodeReward", "IoiCodeReward"):
        tests = schemas[reward]["properties"]["tests"]
        tests["oneOf"] = [*tests["oneOf"], *({"$ref": reference} for reference in others.values())]
        tests["discriminator"]["mapping"].update(others)
