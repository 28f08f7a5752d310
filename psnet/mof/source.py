"""A declaration's file: YAML read so that a text stays the text that stands there.

By YAML 1.1 ``Yes`` and ``On`` are true, ``10:30`` is the number 630 and ``2024-02-29`` a date, also where a
property wants text. Here only what both versions of YAML take for a boolean or a number is one; the rest is
text, which the compiler converts to the property's type as PowerShell does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from psnet._internal.text_files import read_text
from psnet._internal.yaml import Document, parse_yaml

if TYPE_CHECKING:
    from pathlib import Path

_TAG = "tag:yaml.org,2002:"
_KEPT = {f"{_TAG}null", f"{_TAG}merge", f"{_TAG}value"}
_RULES = (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^(?:[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+)$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+][0-9]+)?$", "-+.0123456789"),
    ("float", r"^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", "-+."),
)


class _Loader(yaml.SafeLoader):
    """Knows the scalars of _RULES, null and ``<<``."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag in _KEPT]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _name, _pattern, _first in _RULES:
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(_pattern), list(_first))


def read_source(path: Path | str) -> Document:
    """Read a declaration; raises InputError naming file, line and cause."""
    return parse_yaml(read_text(path), str(path), _Loader)
