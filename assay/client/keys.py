"""The API key of a client: given, or from the environment; sent in a header."""

import os
from collections.abc import Mapping
from typing import Final

__all__ = ["API_KEY_VARIABLE", "key_headers"]

API_KEY_VARIABLE: Final = "ASSAY_API_KEY"


def key_headers(api_key: str | None, headers: Mapping[str, str] | None) -> dict[str, str]:
    """The headers of every request; a given `Authorization` stays."""
    given = dict(headers or {})
    key = api_key or os.environ.get(API_KEY_VARIABLE)
    if key and not any(name.lower() == "authorization" for name in given):
        given["Authorization"] = f"Bearer {key}"
    return given
