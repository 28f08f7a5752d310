"""Script blocks as property values: ``$using:`` variables become assignments in front of the body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from psnet.dsc.mof.convert import double_text

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
_INT32_MAX, _INT64_MAX = 2**31 - 1, 2**63 - 1


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


def clixml(value: Any) -> str:
    """Write a value as PSSerializer does: indented by two, one element a line."""
    counter = [0]
    lines = _element(value, "", 1, counter)
    return "\n".join(
        [
            '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">',
            *lines,
            "</Objs>",
        ]
    )


def _element(value: Any, name: str, depth: int, counter: list[int]) -> list[str]:
    pad = "  " * depth
    label = f' N="{name}"' if name else ""
    if value is None:
        return [f"{pad}<Nil{label} />"]
    for kind, tag, text in (
        (bool, "B", str(value).lower()),
        (int, _integer_tag(value), str(value)),
        (float, "Db", double_text(value) if isinstance(value, float) else ""),
        (str, "S", _text(str(value))),
    ):
        if isinstance(value, kind):
            return [f"{pad}<{tag}{label}>{text}</{tag}>"]
    number = counter[0]
    counter[0] += 1
    is_map = isinstance(value, dict)
    types = ["System.Collections.Hashtable"] if is_map else ["System.Object[]", "System.Array"]
    lines = [f'{pad}<Obj{label} RefId="{number}">', f'{pad}  <TN RefId="{number}">']
    lines += [f"{pad}    <T>{item}</T>" for item in [*types, "System.Object"]]
    lines += [f"{pad}  </TN>", f"{pad}  <{'DCT' if is_map else 'LST'}>"]
    if is_map:
        for key, item in value.items():
            lines += [f"{pad}    <En>", *_element(str(key), "Key", depth + 3, counter)]
            lines += [*_element(item, "Value", depth + 3, counter), f"{pad}    </En>"]
    else:
        for item in value:
            lines += _element(item, "", depth + 2, counter)
    return [*lines, f"{pad}  </{'DCT' if is_map else 'LST'}>", f"{pad}</Obj>"]


def _integer_tag(value: Any) -> str:
    if not isinstance(value, int) or -_INT32_MAX - 1 <= value <= _INT32_MAX:
        return "I32"
    return "I64" if -_INT64_MAX - 1 <= value <= _INT64_MAX else "D"


def _text(value: str) -> str:
    coded = re.sub(r"_(?=x[0-9a-fA-F]{4}_)", "_x005F_", value)
    coded = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", lambda hit: f"_x{ord(hit.group()):04X}_", coded)
    return escape(coded)
