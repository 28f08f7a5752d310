"""Arguments of a command as they were written, before they are bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from psnet.lab.values import Hashtable, Member, PSObject

MISSING: Final = object()
#: The member by which a ``-name`` in $args remembers that it is a parameter's name, so that @args passes it on.
NAME_MARK: Final = "<CommandParameterName>"


@dataclass(slots=True)
class Argument:
    """``-name``, ``-name:value`` or a value. ``colon``: the value was joined; ``splatted``: from a hashtable.

    ``text`` is how a number was written, which is what a parameter of type string gets. ``dashes``: the ``--`` after
    which nothing is a parameter's name; only programs see it.
    """

    name: str | None = None
    value: Any = MISSING
    colon: bool = False
    splatted: bool = False
    text: str | None = None
    dashes: bool = False

    @property
    def has_value(self) -> bool:
        """Whether there is a value."""
        return self.value is not MISSING


def name_token(name: str) -> PSObject:
    """Return what stands in $args for ``-name``."""
    token = PSObject([Member(NAME_MARK, "NoteProperty", name)], ("System.String", "System.Object"), base=f"-{name}")
    token.to_string = f"-{name}"
    return token


def splat(value: Any) -> list[Argument]:
    """Return the arguments that ``@value`` stands for."""
    if isinstance(value, Hashtable):
        return [Argument(str(key), item, splatted=True) for key, item in value.items()]
    items = getattr(value, "items", None)
    if items is None or isinstance(value, str):
        return [Argument(value=value)]
    return [_element(item) for item in list(value)]


def _element(item: Any) -> Argument:
    if isinstance(item, PSObject) and NAME_MARK.lower() in item.members:
        return Argument(str(item.members[NAME_MARK.lower()].value))
    return Argument(value=item)


def flatten(arguments: list[Argument]) -> list[Any]:
    """Return arguments as $args holds them."""
    found: list[Any] = []
    for argument in arguments:
        if argument.name is not None:
            found.append(name_token(f"{argument.name}:" if argument.colon else argument.name))
        if argument.has_value:
            found.append(argument.value)
    return found
