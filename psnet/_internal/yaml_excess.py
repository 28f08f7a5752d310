"""Limits for YAML and JSON texts (depth, size, aliases), checked on the event stream before anything is built."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import yaml

from psnet._internal.yaml_loader import DEEPEST
from psnet.errors import Problem

#: Values that aliases may stand for beside those that are written. A play repeats what it has anchored far more often
#: than a site; ansible-core keeps an alias as one object and merges some 100,000 keys a second.
_MOST_REPEATED: Final = 1_000_000
_MOST_TWICE: Final = 100
_BRACKETS: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)
_TOO_DEEP: Final = f"nested too deeply, beyond {DEEPEST} levels"
_REMEDY: Final = "check that it is the file you mean"
_WRITE_OUT: Final = "write it out, without aliases"


def find_excess(text: str, path: str) -> Problem | None:
    """Return why a text is more than a reader can bear, with its place; None when it is not, or when it is no YAML.

    Looked for are levels of nesting, what aliases stand for (what holds them, or far too much), and keys that stand
    more than a hundred times again in one mapping. What is wrong with a text otherwise is for its reader to say.
    """
    return _deep_json(text, path) or _Events(path).look(text)


def _deep_json(text: str, path: str) -> Problem | None:
    """Return where JSON is too deep: a reader that tries JSON first never asks YAML."""
    if text.lstrip()[:1] not in ("[", "{"):
        return None
    depth = 0
    for found in _BRACKETS.finditer(text):
        sign = found[0][0]
        depth += (sign in "[{") - (sign in "]}")
        if depth > DEEPEST:
            before = text[: found.start()]
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            return Problem(_TOO_DEEP, path, line, column, remedy=_REMEDY)
    return None


@dataclass(slots=True)
class _Size:
    values: int | None


class _Events:
    """Counts what the events of one text stand for."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._values = 0  # with what aliases repeat
        self._written = 0
        #: What an anchor's alias stands for, None while it is open; a name that is given again is the newer one's.
        self._sizes: dict[str, _Size] = {}
        #: Of each open collection: its size where it has an anchor, the values before it, and of a mapping its keys.
        self._open: list[tuple[_Size | None, int, _Keys | None]] = []

    def look(self, text: str) -> Problem | None:
        """Return what is too much, if anything is."""
        try:
            for event in yaml.parse(text, Loader=_parser()):
                said = self._take(event)
                if said is not None:
                    return self._problem(event.start_mark, *said)
        except yaml.MarkedYAMLError as error:
            if "depth" in str(error.problem):  # LibYAML's own bound
                return self._problem(error.problem_mark, _TOO_DEEP, _REMEDY)
        except (yaml.YAMLError, UnicodeEncodeError):
            pass
        return None

    def _problem(self, mark: Any, message: str, remedy: str) -> Problem:
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (None, None)
        return Problem(message, self._path, line, column, remedy=remedy)

    def _take(self, event: yaml.Event) -> tuple[str, str] | None:
        if isinstance(event, yaml.CollectionEndEvent):
            size, before, _ = self._open.pop()
            if size is not None:
                size.values = self._values - before
            return None
        if not isinstance(event, yaml.NodeEvent):
            return None
        keys = self._open[-1][2] if self._open else None
        if keys is not None and keys.again(event):
            return f"keys stand here again, more than {_MOST_TWICE} of them", "keep one of each"
        self._written += 1
        if isinstance(event, yaml.AliasEvent):
            return self._alias(str(event.anchor))
        self._values += 1
        size = _Size(None if isinstance(event, yaml.CollectionStartEvent) else 1) if event.anchor is not None else None
        if size is not None:
            self._sizes[str(event.anchor)] = size
        if isinstance(event, yaml.CollectionStartEvent):
            self._open.append((size, self._values - 1, _Keys() if isinstance(event, yaml.MappingStartEvent) else None))
            if len(self._open) > DEEPEST:
                return _TOO_DEEP, _REMEDY
        return None

    def _alias(self, name: str) -> tuple[str, str] | None:
        size = self._sizes.get(name)
        if size is not None and size.values is None:
            return "the alias stands for what holds it", _WRITE_OUT
        self._values += (size.values if size else None) or 1
        if self._values - self._written > _MOST_REPEATED:
            return f"its aliases stand for more than {_MOST_REPEATED:,} values", _WRITE_OUT
        return None


class _Keys:
    """The keys of one mapping, as its events come."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._key = False  # whether what came last was a key
        self._twice = 0

    def again(self, event: yaml.NodeEvent) -> bool:
        """Take the next key or value; say whether too many keys stood there before."""
        self._key = not self._key
        if self._key and isinstance(event, yaml.ScalarEvent):
            self._twice += event.value in self._seen
            self._seen.add(event.value)
        return self._twice > _MOST_TWICE


def _parser() -> type[yaml.Loader | yaml.CLoader]:
    try:
        from yaml import CLoader  # noqa: PLC0415 - may be built without it
    except ImportError:
        return yaml.Loader
    return CLoader
