"""YAML loaders with bounds on depth and size that hold while they read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from psnet.errors import InputError

if TYPE_CHECKING:
    import yaml

#: Levels of one document.
DEEPEST: Final = 200
#: Values of one document: the inventory of 5,000 hosts has some 100,000.
_MOST_VALUES: Final = 200_000


class ExcessError(InputError):
    """A document that is too deep or holds too much: no reader takes it."""


class _Bounds(Composer):
    """Refuses depth and size while a document is read, not afterwards."""

    depth = 0
    count = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose one node as PyYAML does, unless it is one too many."""
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST:
            raise ExcessError(f"nested too deeply, beyond {DEEPEST} levels")
        if self.count > _MOST_VALUES:
            raise ExcessError(f"it holds more than {_MOST_VALUES:,} values")
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def bounded(loader_type: type[yaml.SafeLoader]) -> type[yaml.SafeLoader]:
    """Return PyYAML's own reader of a type, with bounds."""
    return cast("type[yaml.SafeLoader]", type("Bounded", (_Bounds, loader_type), {}))


def quick(loader_type: type[yaml.SafeLoader]) -> type[yaml.SafeLoader]:
    """Return a loader with LibYAML's parser, and PyYAML's composer with bounds.

    LibYAML's composer calls itself in C for each level of nesting: a hostile file would end the process.
    """
    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]  # noqa: PLC0415 - may be built without it
    except ImportError:
        return bounded(loader_type)

    class Quick(_Bounds, CParser, loader_type):  # type: ignore[misc, valid-type]
        check_node, get_node, get_single_node = Composer.check_node, Composer.get_node, Composer.get_single_node

        def __init__(self, stream: str) -> None:
            CParser.__init__(self, stream)
            Composer.__init__(self)
            SafeConstructor.__init__(self)
            Resolver.__init__(self)

    return cast("type[yaml.SafeLoader]", Quick)
