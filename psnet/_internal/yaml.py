"""YAML with positions: where each key and value stands, so that an error can point at it."""

from __future__ import annotations

import contextlib
import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml
from yaml.constructor import ConstructorError
from yaml.reader import ReaderError

from psnet._internal.text import Untrusted
from psnet._internal.text_files import read_text
from psnet._internal.yaml_faults import explained
from psnet._internal.yaml_loader import DEEPEST, ExcessError, bounded, quick
from psnet.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

Path_ = tuple[str | int, ...]
#: Values that aliases may stand for beside those that are written, in one document.
_MOST_REPEATED = 100_000
_MOST_PROBLEMS = 100
_LONGEST = 500  # signs of a file's own words in a problem
#: Digits of a number, as Python itself has it; also what is read twice for a better reason than LibYAML's.
_LONGEST_NUMBER = 4_300
_LONGEST_AGAIN = 256 * 1024
_TAG = "tag:yaml.org,2002:"
_NUMBERS = (f"{_TAG}int", f"{_TAG}float", f"{_TAG}timestamp")


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
    """Return the most similar of some words, the first of those that are equally similar; None when none is similar."""
    known = {item.lower(): item for item in reversed(list(words))}
    close = difflib.get_close_matches(word.lower(), known, n=2, cutoff=0.6)
    alike = {item: difflib.SequenceMatcher(None, item, word.lower()).ratio() for item in close}
    return next((known[item] for item in reversed(known) if item in alike and alike[item] == max(alike.values())), None)


def read_yaml(path: Path | str) -> Document:
    """Read one YAML document; raise InputError naming file, line and cause."""
    return parse_yaml(read_text(path), str(path))


def load_plain(text: str, path: str, loader_type: type[yaml.SafeLoader]) -> Any:
    """Return YAML data as PyYAML makes it, without positions: keys of any kind, the last of two of a name."""
    with _reading(text, path, quick(loader_type)) as (loader, node):
        if node is None:
            return None
        _Builder(loader, path).weigh(node)
        try:
            return loader.construct_document(node)
        except (ValueError, OverflowError, LookupError, AttributeError, TypeError) as error:
            raise InputError(f"{path} holds a value that is none: {error}", remedy="quote it") from None


def compose_yaml(text: str, path: str) -> yaml.Node | None:
    """Return a document's nodes, whatever its tags are; none of them holds itself or too much."""
    with _reading(text, path, quick(yaml.SafeLoader)) as (loader, node):
        if node is not None:
            _Builder(loader, path).weigh(node)
        return node


def parse_yaml(text: str, path: str = "<text>", loader_type: type[yaml.SafeLoader] = yaml.SafeLoader) -> Document:
    """Parse one YAML document; a loader of another type may know tags.

    LibYAML reads it where it is there, in a third of the time and with the same positions; what it refuses is read
    again by PyYAML's own parser, whose reasons are better.
    """
    try:
        return _parse(text, path, quick(loader_type))
    except ExcessError:
        raise
    except InputError:
        if len(text) > _LONGEST_AGAIN:
            raise
        return _parse(text, path, bounded(loader_type))


def _parse(text: str, path: str, loader_type: type[yaml.SafeLoader]) -> Document:
    with _reading(text, path, loader_type) as (loader, node):
        builder = _Builder(loader, path)
        if node is not None:
            builder.weigh(node)
        data = builder.build(node, ()) if node is not None else None
    if builder.problems:
        raise InputError(f"{path} has errors", builder.problems)
    return Document(path, data, builder.positions, text)


@contextlib.contextmanager
def _reading(
    text: str, path: str, loader_type: type[yaml.SafeLoader]
) -> Iterator[tuple[yaml.SafeLoader, yaml.Node | None]]:
    """Read a document; what is wrong with it, then and while it is used, becomes InputError."""
    loader: yaml.SafeLoader | None = None
    try:
        loader = loader_type(text)  # it refuses characters that YAML has not
        yield loader, loader.get_single_node()
    except ExcessError as error:
        raise ExcessError(f"{path} is refused: {error.message}", remedy="check that it is the file you mean") from None
    except yaml.MarkedYAMLError as error:
        said, mark, remedy = explained(error)
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise InputError(f"{path} is not valid YAML", [Problem(said, path, line, column, remedy=remedy)]) from None
    except ReaderError as error:
        before = text[: error.position] if isinstance(error.position, int) else ""
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        code = f"U+{error.character:04X}" if isinstance(error.character, int) else repr(error.character)
        remedy = "write it as an escape in double quotes, or take it out"
        problem = Problem(f"the character {code} has no place in YAML", path, line, column, remedy=remedy)
        raise InputError(f"{path} is not valid YAML", [problem]) from None
    except (yaml.YAMLError, UnicodeEncodeError, ValueError, OverflowError) as error:  # \ud800, \UFFFFFFFF
        raise InputError(f"{path} is not valid YAML: {error}") from None
    except RecursionError:
        raise ExcessError(f"{path} is nested too deeply") from None
    finally:
        if loader is not None:
            loader.dispose()


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
            if depth > DEEPEST:
                raise ExcessError(f"nested too deeply, beyond {DEEPEST} levels")
            known = sizes.get(id(node), 0)
            if known is None:
                raise self._refused(node, "the alias stands for what holds it")
            if isinstance(node, yaml.ScalarNode) and len(node.value) > _LONGEST_NUMBER and node.tag in _NUMBERS:
                raise self._refused(node, f"no such value: it has more than {_LONGEST_NUMBER} signs", "quote it")
            if not known:
                sizes[id(node)] = None
                children = node.value if isinstance(node, yaml.CollectionNode) else ()
                flat = [part for child in children for part in (child if isinstance(child, tuple) else (child,))]
                known = sizes[id(node)] = 1 + sum(size(child, depth + 1) for child in flat)
            return known

        if size(root, 0) - len(sizes) > _MOST_REPEATED:
            raise self._refused(root, f"its aliases stand for more than {_MOST_REPEATED:,} values")

    def _refused(self, node: yaml.Node, message: str, remedy: str = "write it out, without aliases") -> InputError:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        problem = Problem(message, self.path, line, column, remedy=remedy)
        return InputError(f"{self.path} has errors", [problem])

    def _plain_tag(self, node: yaml.Node) -> None:
        """Note a tag that makes of a list or a mapping something else: no program is made of data here."""
        tag = node.tag.removeprefix(_TAG)
        if tag not in ("seq", "map"):
            self._problem(node, f"the tag {node.tag.replace(_TAG, '!!')} has no place here", "take the tag away")

    def _problem(self, node: yaml.Node, message: str, remedy: str | None = None) -> None:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        told = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}..."
        self.problems.append(Problem(told, self.path, line, column, remedy=remedy))
        if len(self.problems) == _MOST_PROBLEMS:
            raise InputError(f"{self.path} has errors, these and more", self.problems)

    def _scalar(self, node: yaml.Node) -> Any:
        try:
            return self.loader.construct_object(node, deep=True)
        except ConstructorError as error:
            known = node.tag in self.loader.yaml_constructors
            said = str(error.problem) if known else f"the tag {node.tag.replace(_TAG, '!!')} has no place here"
            self._problem(node, said, "take the tag away, or quote the value")
        except (ValueError, OverflowError) as error:  # a month 13, a number of thousands of digits
            self._problem(node, f"no such value: {error}", "quote it")
        except (LookupError, AttributeError, TypeError):  # !!bool maybe, !!int "", !!timestamp soon
            self._problem(node, f"no such value for {node.tag.replace(_TAG, '!!')}", "quote it, without the tag")
        return None

    def _no_key(self, node: yaml.Node) -> None:
        """Say that a key is none; a template without quotes is one, and is told how it is written."""
        braces = isinstance(node, yaml.MappingNode) and node.flow_style and len(node.value) == 1
        inside = node.value[0][0].value if braces else None
        if isinstance(inside, str):
            self._problem(node, "a template stands in quotes", f'write "{{{{ {inside} }}}}"')
        else:
            self._problem(node, "a key is one word or text", "write a word and a colon")

    def build(self, node: yaml.Node, where: Path_) -> Any:
        self.positions.setdefault(where, (node.start_mark.line + 1, node.start_mark.column + 1))
        if isinstance(node, yaml.CollectionNode):
            self._plain_tag(node)
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
                self._no_key(key_node)
                continue
            raw = self._scalar(key_node)
            key = raw if isinstance(raw, str) else str(raw)
            if key in result and (*where, key) in self.positions:
                first = self.positions[(*where, key)][0]
                self._problem(key_node, f"the key {key!r} stands here again, first in line {first}")
                continue
            self.positions[(*where, key)] = (line, column)
            result[key] = self.build(value_node, (*where, key))
        return result
