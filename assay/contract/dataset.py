"""A row of a published dataset in the place of a suite. It lives in requests only: admission converts it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from assay.contract.base import WireModel

__all__ = ["DatasetSuite"]


class DatasetSuite(WireModel):
    """Tests as a dataset has them (docs/formats.md). The service turns them into a suite before it queues the item.

    The row's language, limits and scoring hold where the reward does not give its own.
    """

    kind: Literal["dataset"]
    format: Annotated[str, Field(min_length=1, max_length=100)] = "auto"
    """The format's name or alias, or `auto` for the one whose shape the row has."""
    row: dict[str, Any]
    """The row. Fields that its format does not read may be left out."""
