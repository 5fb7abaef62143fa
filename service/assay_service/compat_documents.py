"""What the OpenAPI document says of other services' routes."""

from typing import Any, Final

from pydantic import BaseModel

from assay_service.documents import problem_answers
from assay_service.routes.batches import SUBMISSION_CODES

__all__ = [
    "EVAL_EXAMPLE",
    "JUPYTER_EXAMPLE",
    "PISTON_EXAMPLE",
    "RUN_EXAMPLE",
    "compat_answers",
    "compat_body",
    "json_body",
]

Document = dict[str, Any]

_RUN: Final[Document] = {
    "status": "Finished",
    "execution_time": 0.004,
    "cpu_time": 0.003,
    "return_code": 0,
    "stdout": "42\n",
    "stderr": "",
}
RUN_EXAMPLE: Final[Document] = {
    "status": "Success",
    "message": "",
    "compile_result": None,
    "run_result": _RUN,
    "executor_pod_name": None,
    "files": {},
    "verdict": "accepted",
    "memory_mb": 9.1,
}
JUPYTER_EXAMPLE: Final[Document] = {
    "status": "Success",
    "message": "",
    "driver": {**_RUN, "stdout": ""},
    "cells": [
        {"stdout": "", "stderr": "", "display": [], "error": []},
        {"stdout": "", "stderr": "", "display": [{"text/plain": "42"}], "error": []},
    ],
    "executor_pod_name": None,
    "files": {},
}
PISTON_EXAMPLE: Final[Document] = {
    "language": "python",
    "version": "1.0.0",
    "run": {
        "stdout": "42\n",
        "stderr": "",
        "output": "42\n",
        "code": 0,
        "signal": None,
        "message": None,
        "status": None,
        "cpu_time": 3,
        "wall_time": 4,
        "memory": 9541713,
    },
}
EVAL_EXAMPLE: Final[Document] = {
    "id": 1,
    "accepted": True,
    "extracted_code": "",
    "tests": [{"passed": True, "exec_info": RUN_EXAMPLE, "test_info": None}],
}


def compat_body(model: type[BaseModel], example: Document) -> Document:
    """The documentation of a request that is read leniently."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    content = {"application/json": {"schema": _inlined(schema, schema.pop("$defs", {})), "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def json_body(example: Document) -> Document:
    """The documentation of a request that is any object, as the example shows."""
    content = {"application/json": {"schema": {"type": "object"}, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def compat_answers(description: str, example: Any, *codes: str, status: int = 200) -> dict[int | str, Document]:
    """The documentation of an answer, and of the errors of a route that grades."""
    content = {"application/json": {"schema": {}, "example": example}}
    errors = problem_answers(*SUBMISSION_CODES, "deadline_exceeded", "unknown_language", *codes)
    return {status: {"description": description, "content": content}, **errors}


def _inlined(schema: Any, definitions: Document) -> Any:
    """The schema with the definitions that it refers to in place: they are no part of our own contract."""
    if isinstance(schema, list):
        return [_inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if (reference := schema.get("$ref")) is not None:
        return _inlined(definitions[reference.rpartition("/")[2]], definitions)
    return {name: _inlined(part, definitions) for name, part in schema.items()}
