"""Site files in one form: comments and the order of items stay, fields stand in the order of the docs.

It works on lines, so that what it does not touch stays as it was written; what the file says is compared afterwards.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import yaml

from psnet._internal.yaml import parse_yaml
from psnet._internal.yaml_flow import flow
from psnet.errors import InputError
from psnet.resources import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SECTIONS: Final = {cls.section: cls for cls in KINDS.values()}
_COMMENT: Final = re.compile(r"(?:^|\s)(#.*?)\s*$", re.MULTILINE)
_TOP: Final = re.compile(r"([A-Za-z_]\w*):")
_FLOW_ITEM: Final = re.compile(r"(\s*)-\s+(\{.*\})\s*(#.*)?")
_DASH: Final = re.compile(r"(\s*)-(\s+)(?=\S)")
_KEY: Final = re.compile(r"(\s*)([A-Za-z_]\w*):(?=\s|$)")


class _Loader(yaml.SafeLoader):
    """YAML with Ansible's tags, for inventories: a value is its tag and its text, which stay as they are written."""


def _tagged(loader: yaml.SafeLoader, node: yaml.Node) -> tuple[str, Any]:
    if not isinstance(node, yaml.ScalarNode):
        raise yaml.constructor.ConstructorError(None, None, f"{node.tag} stands before text", node.start_mark)
    return node.tag, loader.construct_scalar(node)


for _tag in ("!vault", "!unsafe"):
    _Loader.add_constructor(_tag, _tagged)


def formatted(text: str, path: str) -> str:
    """Return a site's or an inventory's text in psnet's form; InputError when it is no YAML.

    Two spaces a level, lists indented below their key, no blanks at the ends of lines, one line end at the end of the
    file. Fields of an item stand in the order of the documentation, unless a comment stands between them. A step that
    would change what the file says, or lose a comment, is not taken.
    """
    before = parse_yaml(text, path, _Loader).data
    made = text
    for change in (_trimmed, _indented, _ordered):
        tried = change(made)
        if _says(tried, before) and _comments(tried) == _comments(text):
            made = tried
    return made


def _says(text: str, data: Any) -> bool:
    try:
        return bool(parse_yaml(text, loader_type=_Loader).data == data)
    except InputError:
        return False


def _comments(text: str) -> Counter[str]:
    return Counter(_COMMENT.findall(text))


def _trimmed(text: str) -> str:
    lines = [re.sub(r"^([A-Za-z_]\w*):[ ]{2,}", r"\1: ", line.rstrip()) for line in text.splitlines()]
    return "\n".join(lines).strip("\n") + "\n"


def _parts(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the top-level keys with their lines; lines before the first belong to an empty key."""
    key, lines = "", list[str]()
    for line in text.splitlines():
        found = _TOP.match(line)
        if found:
            yield key, lines
            key, lines = found[1], []
        lines.append(line)
    yield key, lines


def _by_part(text: str, change: Callable[[str, list[str]], list[str]]) -> str:
    lines = [line for key, part in _parts(text) for line in change(key, part)]
    return "\n".join(lines) + "\n"


def _indented(text: str) -> str:
    """Indent lists of sections that stand at their key's own column, and take one blank after a dash."""

    def change(key: str, part: list[str]) -> list[str]:
        if key not in _SECTIONS or not any(line.startswith("-") for line in part[1:]):
            return part
        made, extra = part[:1], 0
        for line in part[1:]:
            found = _DASH.match(line)
            if found and not found[1]:
                extra = len(found[2]) - 1
                made.append(f"  - {line[found.end() :]}")
            elif line.strip() and line.startswith(" "):
                made.append(f"  {line[min(extra, len(line) - len(line.lstrip())) :]}")
            else:
                made.append(f"  {line}" if line.startswith("#") else line)
        return made

    return _by_part(text, change)


def _ordered(text: str) -> str:
    """Put the fields of each section's items into the order of the documentation."""

    def change(key: str, part: list[str]) -> list[str]:
        if key not in _SECTIONS:
            return part
        made = part[:1]
        for block in _blocks(part[1:]):
            made += _block(block, key)
        return made

    return _by_part(text, change)


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Yield the items of a list with their lines; what stands before the first item stands alone."""
    block: list[str] = []
    column = None
    for line in lines:
        found = _DASH.match(line)
        if found and column in (None, len(found[1])):
            column = len(found[1])
            yield block
            block = []
        block.append(line)
    yield block


def _block(block: list[str], section: str) -> list[str]:
    whole = _FLOW_ITEM.fullmatch(block[0]) if block else None
    if whole:
        return [_flow_item(whole, section), *block[1:]]
    dash = _DASH.match(block[0]) if block else None
    if dash is None or any(line.lstrip().startswith("#") for line in block[1:]):
        return block
    column, chunks = dash.end(), list[list[str]]()
    for line in [" " * column + block[0][column:], *block[1:]]:
        found = _KEY.match(line)
        if found and len(found[1]) == column:
            chunks.append([])
        if not chunks:
            return block
        chunks[-1].append(line)
    tail = [line for line in chunks[-1] if not line.strip()] if chunks else []
    chunks[-1] = [line for line in chunks[-1] if line.strip()]
    ordered = sorted(chunks, key=lambda chunk: _place(section, chunk[0].strip().partition(":")[0]))
    made = [line for chunk in ordered for line in chunk]
    return [block[0][:column] + made[0][column:], *made[1:], *tail]


def _flow_item(found: re.Match[str], section: str) -> str:
    try:
        item = parse_yaml(found[2]).data
    except InputError:
        return found[0]
    ordered = dict(sorted(item.items(), key=lambda pair: _place(section, pair[0])))
    kept = found[2] if list(ordered) == list(item) and "  " not in found[2] else flow(ordered)
    return f"{found[1]}- {kept}" + (f" {found[3]}" if found[3] else "")


def _place(section: str, key: str) -> int:
    cls = _SECTIONS[section]
    names = list(cls.model_fields)
    short = cls.short_keys.get(key)
    name = str(short[0]) if short else key
    return names.index(name) if name in names else len(names)
