"""Reads the requests of other services' clients: unknown fields are ignored, and numbers may come as texts."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from assay_service.complaints import InvalidRequest, complain
from assay_service.json_body import parse_body

__all__ = ["LenientModel", "dumped", "read_request", "reads"]

_MOST_COMPLAINTS = 20


class LenientModel(BaseModel):
    """A request of another service's contract."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, coerce_numbers_to_str=True)


Model = TypeVar("Model", bound=BaseModel)


def read_request(body: bytes | bytearray, model: type[Model]) -> Model:
    """The request in a body.

    Raises:
        RequestError: it is not JSON, or no such request; ``path`` is the field.
    """
    try:
        return model.model_validate(parse_body(body))
    except ValidationError as error:
        complaints = tuple(
            complain(str(detail["msg"]), path=".".join(map(str, detail["loc"])))
            for detail in error.errors(include_url=False, include_input=False)[:_MOST_COMPLAINTS]
        )
        raise InvalidRequest(complaints) from error


def reads(model: type[Model]) -> Callable[[bytes | bytearray], Model]:
    """What reads a request of a kind, for `assay_service.batches.read_json`."""
    return partial(read_request, model=model)


def dumped(batch: Mapping[str, Any]) -> bytes:
    """A batch as the body of a request."""
    return json.dumps(batch).encode()
