"""The files that are checked together: what one of them defines, the others may call."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from psnet.errors import PsnetError
from psnet.powershell.syntax import ast, parse_with_errors
from psnet.powershell.syntax.visit import descendants, pure_expression

from .literals import elements, literal
from .reading import Source, read_source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from psnet.powershell.syntax import ParseError

    from .scope import Scope

_SCRIPTS: Final = (".ps1", ".psm1", ".psd1")
_BESIDE: Final = 200
_EXPORTS: Final = frozenset({"functionstoexport", "cmdletstoexport", "aliasestoexport"})


class Project:
    """Some files as one scope. With one file only, the files beside it are read when a name asks for them."""

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        self.paths = list(paths)
        self._sources: dict[Path, Source] = {}
        self._parsed: dict[tuple[str, str], tuple[ast.ScriptBlock | None, list[ParseError]]] = {}

    def source(self, path: Path) -> Source:
        """Return a file's text, read once."""
        if path not in self._sources:
            self._sources[path] = read_source(path)
        return self._sources[path]

    def parsed(
        self, text: str, language: Literal["5.1", "7"] = "5.1"
    ) -> tuple[ast.ScriptBlock | None, list[ParseError]]:
        """Return a text's tree and what is refused in it, read once."""
        key = (text, language)
        if key not in self._parsed:
            self._parsed[key] = parse_with_errors(text, language=language)
        return self._parsed[key]

    def tree(self, path: Path) -> ast.ScriptBlock | None:
        """Return a file's tree, None when it cannot be read."""
        try:
            return self.parsed(self.source(path).text)[0]
        except PsnetError:
            return None

    @property
    def whole(self) -> bool:
        """Whether several files are checked together."""
        return len(self.paths) > 1

    @cached_property
    def functions(self) -> frozenset[str]:
        """The functions of all files, and what manifests export, in lower case.

        What they accept is not taken from here: which of several files is loaded, a run tells; a file that is
        dot-sourced or imported by its name is read by ``Scope``.
        """
        found: set[str] = set()
        for path in self.paths if self.whole else self._beside():
            tree = self.tree(path)
            for node in descendants(tree) if tree is not None else ():
                if isinstance(node, ast.FunctionDefinition):
                    found.add(node.name.rpartition(":")[2].lower())
                elif isinstance(node, ast.Hashtable) and path.suffix.lower() == ".psd1":
                    found.update(_exports(node))
        return frozenset(found)

    @cached_property
    def names(self) -> frozenset[str]:
        """The files' names in lower case, with and without their ending: what a module may be imported by."""
        files = [path for path in self.paths if path.suffix.lower() in _SCRIPTS]
        return frozenset(name.lower() for path in files for name in (path.name, path.stem))

    def knows_module(self, name: str) -> bool:
        """Say whether a module's name or path means one of the files."""
        leaf = name.replace("\\", "/").rstrip("/").rpartition("/")[2].lower()
        return self.whole and leaf in self.names

    def join(self, scope: Scope) -> None:
        """Give a file's scope what the other files define; its own definitions stay."""
        if self.whole:
            for name in self.functions:
                scope.functions.setdefault(name, None)

    def defines(self, name: str) -> bool:
        """Say whether one of the files, or one beside the only file, defines a function."""
        return name.lower() in self.functions

    def _beside(self) -> list[Path]:
        if not self.paths:
            return []
        folder = self.paths[0].parent
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SCRIPTS)
        return [path for path in found[:_BESIDE] if path != self.paths[0]]


def _exports(table: ast.Hashtable) -> list[str]:
    """Return the names that a manifest exports, in lower case."""
    found: list[str] = []
    for key, value in table.pairs:
        if str(getattr(key, "value", "")).lower() in _EXPORTS:
            names = elements(literal(pure_expression(value)))
            found += [name.lower() for name in names if isinstance(name, str) and "*" not in name]
    return found
