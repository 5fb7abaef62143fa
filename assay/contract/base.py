"""What every value on the wire shares: frozen, no unknown fields, no NaN or infinity."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ComponentName", "LanguageName", "Weighted", "WireModel"]

ComponentName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,63}$")]
LanguageName = Annotated[str, Field(min_length=1, max_length=32, examples=["python", "cpp", "java"])]


class WireModel(BaseModel):
    """A frozen value of the contract; an unknown field is an error, not a surprise."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )


class Weighted(WireModel):
    """What every reward has."""

    name: ComponentName | None = None
    """What the component is called in the result, and where others refer to it; else its type does."""

    weight: Annotated[float, Field(ge=-1e6, le=1e6)] = 1.0
    """The factor of this component's score in the item's reward."""
