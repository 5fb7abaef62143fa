"""What every value on the wire shares: frozen, no unknown fields, no NaN or infinity."""

from pydantic import BaseModel, ConfigDict

__all__ = ["WireModel"]


class WireModel(BaseModel):
    """A frozen value of the contract; an unknown field is an error, not a surprise."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )
