"""What templating needs to know of values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from jinja2 import Undefined

from psnet._internal.yaml import Unsafe
from psnet.inventory.vault import Vaulted


class TemplateFault(Exception):  # noqa: N818 - a fault of a template, turned into a failed task or an InputError
    """A template that cannot be filled; ``variable`` is the name that is undefined, when that is the reason."""

    def __init__(self, message: str, variable: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.variable = variable


class _Omit:
    """Stands for an argument that is not given."""

    def __repr__(self) -> str:
        return "omit"


OMIT: Final = _Omit()


def has_template(value: Any) -> bool:
    """Say whether a value holds something to fill: a template or a vaulted text."""
    if isinstance(value, Unsafe):
        return False
    if isinstance(value, str):
        return "{{" in value or "{%" in value or "{#" in value
    if isinstance(value, Vaulted):
        return True
    if isinstance(value, Mapping):
        return any(has_template(item) for item in value.values())
    return isinstance(value, list | tuple) and any(has_template(item) for item in value)


def first_undefined(value: Any) -> Undefined | None:
    """Return an undefined part of a result, if there is one."""
    if isinstance(value, Undefined):
        return value
    parts: Iterable[Any] = ()
    if isinstance(value, dict):
        parts = value.values()
    elif isinstance(value, list | tuple):
        parts = value
    return next((found for found in map(first_undefined, parts) if found is not None), None)


def without_omitted(value: Any) -> Any:
    """Return a value without what is omitted in it."""
    if isinstance(value, dict):
        return {key: without_omitted(item) for key, item in value.items() if item is not OMIT}
    if isinstance(value, list):
        return [without_omitted(item) for item in value if item is not OMIT]
    return value
