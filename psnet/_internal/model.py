"""The base of psnet's frozen models."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen value: unknown keys are errors, defaults are checked, equality is by content."""

    # A command uses few of all models: the others' validators are never built.
    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, use_enum_values=False, defer_build=True
    )
