"""Tests that stand elsewhere: in the request's `suites`, or uploaded before."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assay.contract.base import WireModel

__all__ = ["SharedSuite", "SuiteReceipt"]

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class SharedSuite(WireModel):
    """In the place of a suite: the one of this name in the request's `suites`, or uploaded under this hash."""

    kind: Literal["shared"]
    name: Annotated[str, Field(min_length=1, max_length=512)] | None = None
    """A name in `suites`."""
    sha256: Sha256 | None = None
    """SHA-256, in hexadecimal, of the body that was sent to `PUT /v1/suites/{sha256}`."""

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.name is None) == (self.sha256 is None):
            raise ValueError("give 'name' or 'sha256', one of them")
        return self


class SuiteReceipt(WireModel):
    """An uploaded suite."""

    sha256: Sha256
    size_bytes: int
    expires_in_s: int
    """Seconds until it is forgotten, unless a batch refers to it before."""
