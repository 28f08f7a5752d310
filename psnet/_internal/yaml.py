"""YAML with positions: where each key and value stands, so that an error can point at it."""

from __future__ import annotations

import contextlib
import difflib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.reader import ReaderError
from yaml.resolver import Resolver

from psnet._internal.text import Untrusted
from psnet.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Path_ = tuple[str | int, ...]
#: Values that aliases may stand for beside those that are written, in one document.
_MOST_REPEATED = 100_000
_DEEPEST = 200
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
#: Bytes of a file that people write.
_LONGEST = 64 * 1024 * 1024


class Unsafe(Untrusted):
    """Text that is never taken for a template (``!unsafe``)."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file's data, the (line, column) of every key and list item, counted from 1, and its text."""

    path: str
    data: Any
    positions: Mapping[Path_, tuple[int, int]] = field(repr=False)
    text: str = field(default="", repr=False)

    def problem(self, where: Path_, message: str, *, key: str | None = None, remedy: str | None = None) -> Problem:
        """Return a problem at a place; an unknown place falls back to what holds it."""
        place = where
        while place and place not in self.positions:
            place = place[:-1]
        line, column = self.positions.get(place, (1, 1))
        return Problem(message, self.path, line, column, key if key is not None else dotted(where), remedy)


def dotted(where: Path_) -> str:
    """Write a path as ``container_networks[0].subnet``."""
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the most similar of some words, if any is similar."""
    close = difflib.get_close_matches(word.lower(), [item.lower() for item in words], n=1, cutoff=0.6)
    return next((item for item in words if close and item.lower() == close[0]), None)


def read_yaml(path: Path | str) -> Document:
    """Read one YAML document; raise InputError naming file, line and cause."""
    return parse_yaml(read_text(path), str(path))


def read_text(path: Path | str) -> str:
    """Return a file's text; raise InputError saying why it cannot be read."""
    shown = str(path)
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(_LONGEST + 1)  # a device or a pipe may have no end
        if len(data) > _LONGEST:
            raise InputError(f"{shown} has more than {_LONGEST // 1024**2} MiB", remedy="check the path")
        return decoded(data, shown).replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        raise InputError(f"there is no file {shown}", remedy="check the path") from None
    except IsADirectoryError:
        raise InputError(f"{shown} is a folder, not a file") from None
    except OSError as error:
        raise InputError(f"{shown} cannot be read: {(error.strerror or str(error)).lower()}") from None


def decoded(data: bytes, shown: str) -> str:
    """Return a file's text: UTF-8, or UTF-16 as Windows PowerShell and Notepad write it; InputError for neither."""
    encoding = next((word for mark, word in _MARKS.items() if data.startswith(mark)), "")
    if not encoding and b"\0" in data[:4]:
        encoding = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    try:
        return data.decode(encoding or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(
            f"{shown} is neither UTF-8 nor UTF-16: byte 0x{data[error.start]:02x} in line {line}",
            remedy="save it as UTF-8",
        ) from None


def parse_yaml(text: str, path: str = "<text>", loader_type: type[yaml.SafeLoader] = yaml.SafeLoader) -> Document:
    """Parse one YAML document; a loader of another type may know tags.

    LibYAML reads it where it is there, in a third of the time and with the same positions; what it refuses is read
    again by PyYAML's own parser, whose reasons are better.
    """
    if loader_type is yaml.SafeLoader:
        with contextlib.suppress(InputError):
            return _parse(text, path, _quick())
    return _parse(text, path, loader_type)


@cache
def _quick() -> type[yaml.SafeLoader]:
    """Return a loader with LibYAML's parser and PyYAML's composer.

    LibYAML's composer calls itself in C for each level of nesting: a hostile file would end the process.
    """
    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]  # noqa: PLC0415 - may be built without it
    except ImportError:
        return yaml.SafeLoader

    class Quick(Composer, CParser, SafeConstructor, Resolver):
        def __init__(self, stream: str) -> None:
            CParser.__init__(self, stream)
            Composer.__init__(self)
            SafeConstructor.__init__(self)
            Resolver.__init__(self)

    return cast("type[yaml.SafeLoader]", Quick)


def _parse(text: str, path: str, loader_type: type[yaml.SafeLoader]) -> Document:
    loader: yaml.SafeLoader | None = None
    try:
        loader = loader_type(text)  # it refuses characters that YAML has not
        node = loader.get_single_node()
        builder = _Builder(loader, path)
        if node is not None:
            builder.weigh(node)
        data = builder.build(node, ()) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = Problem(
            " ".join(part for part in (error.context, error.problem) if part),
            path,
            mark.line + 1 if mark else None,
            mark.column + 1 if mark else None,
            remedy="quote a value that holds ':' or '#', and indent with spaces",
        )
        raise InputError(f"{path} is not valid YAML", [problem]) from None
    except ReaderError as error:
        before = text[: error.position] if isinstance(error.position, int) else ""
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        code = f"U+{error.character:04X}" if isinstance(error.character, int) else repr(error.character)
        remedy = "write it as an escape in double quotes, or take it out"
        problem = Problem(f"the character {code} has no place in YAML", path, line, column, remedy=remedy)
        raise InputError(f"{path} is not valid YAML", [problem]) from None
    except yaml.YAMLError as error:
        raise InputError(f"{path} is not valid YAML: {error}") from None
    except RecursionError:
        raise InputError(f"{path} is nested too deeply") from None
    finally:
        if loader is not None:
            loader.dispose()
    if builder.problems:
        raise InputError(f"{path} has errors", builder.problems)
    return Document(path, data, builder.positions, text)


class _Builder:
    """Turn YAML nodes into plain data, noting positions and refusing duplicate keys."""

    def __init__(self, loader: yaml.SafeLoader, path: str) -> None:
        self.loader = loader
        self.path = path
        self.positions: dict[Path_, tuple[int, int]] = {}
        self.problems: list[Problem] = []

    def weigh(self, root: yaml.Node) -> None:
        """Refuse aliases that hold themselves or stand for too many values, before any is followed."""
        sizes: dict[int, int | None] = {}

        def size(node: yaml.Node, depth: int) -> int:
            if depth > _DEEPEST:
                raise InputError(f"{self.path} is nested too deeply")
            known = sizes.get(id(node), 0)
            if known is None:
                raise self._refused(node, "the alias stands for what holds it")
            if not known:
                sizes[id(node)] = None
                children = node.value if isinstance(node, yaml.CollectionNode) else ()
                flat = [part for child in children for part in (child if isinstance(child, tuple) else (child,))]
                known = sizes[id(node)] = 1 + sum(size(child, depth + 1) for child in flat)
            return known

        if size(root, 0) - len(sizes) > _MOST_REPEATED:
            raise self._refused(root, f"its aliases stand for more than {_MOST_REPEATED:,} values")

    def _refused(self, node: yaml.Node, message: str) -> InputError:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        problem = Problem(message, self.path, line, column, remedy="write it out, without aliases")
        return InputError(f"{self.path} has errors", [problem])

    def _scalar(self, node: yaml.Node) -> Any:
        try:
            return self.loader.construct_object(node, deep=True)
        except (ValueError, OverflowError) as error:  # a month 13, a number of thousands of digits
            line, column = node.start_mark.line + 1, node.start_mark.column + 1
            self.problems.append(Problem(f"no such value: {error}", self.path, line, column, remedy="quote it"))
            return None

    def build(self, node: yaml.Node, where: Path_) -> Any:
        self.positions.setdefault(where, (node.start_mark.line + 1, node.start_mark.column + 1))
        if isinstance(node, yaml.MappingNode):
            self.loader.flatten_mapping(node)
            return self._mapping(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*where, index)) for index, child in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, where: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(Problem("a key is one word or text", self.path, line, column))
                continue
            raw = self._scalar(key_node)
            key = raw if isinstance(raw, str) else str(raw)
            if key in result and (*where, key) in self.positions:
                first = self.positions[(*where, key)][0]
                self.problems.append(
                    Problem(f"the key {key!r} stands here again, first in line {first}", self.path, line, column)
                )
                continue
            self.positions[(*where, key)] = (line, column)
            result[key] = self.build(value_node, (*where, key))
        return result
