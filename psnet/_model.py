"""The base of psnet's frozen models."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen value: unknown keys are errors, defaults are checked, equality is by content."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, use_enum_values=False)
