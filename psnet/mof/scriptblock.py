"""Script blocks as property values: ``$using:`` variables become assignments in front of the body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from psnet.mof.variables import clixml

if TYPE_CHECKING:
    from collections.abc import Mapping

_USING = r"\$using:(?P<name>[A-Za-z_]\w*)"
# What may hide a $using: that is none: here-strings, single-quoted strings, comments, escaped characters.
_SCAN = re.compile(
    rf"""@'\r?\n.*?\n'@ | <\#.*?\#> | (?<![^\s;{{}}()|&,=])\#[^\n]* | '(?:[^']|'')*'
       | (?P<double>@"\r?\n.*?\n"@ | "(?:`.|""|[^"`])*") | `. | {_USING}""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_USING_IN_STRING = re.compile(rf"`.|{_USING}", re.DOTALL | re.IGNORECASE)


def complete_script(text: str, variables: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the script with its variables' values in front, and the names that have no value."""
    names: dict[str, str] = {}

    def plain(hit: re.Match[str]) -> str:
        name = hit.group("name")
        if name is None:
            return hit.group()
        names.setdefault(name.lower(), name)
        return "$" + name

    def scan(hit: re.Match[str]) -> str:
        if hit.group("double"):
            return _USING_IN_STRING.sub(plain, hit.group())
        return plain(hit)

    body = _SCAN.sub(scan, text)
    values = {str(key).lower(): value for key, value in variables.items()}
    head = []
    for lower in sorted(names):
        value = values.get(lower)
        if isinstance(value, str):
            quoted = value.replace("'", "''")
            head.append(f"${names[lower]} ='{quoted}'\n")
        elif value is not None:
            xml = clixml(value).replace("'", "''")
            head.append(f"${names[lower]} = [System.Management.Automation.PSSerializer]::Deserialize('{xml}')\n")
    return "".join(head) + body, [names[lower] for lower in sorted(names) if lower not in values]
