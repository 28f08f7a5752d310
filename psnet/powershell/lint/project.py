"""The files that are checked together: what one of them defines, the others may call."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from psnet.errors import PsnetError
from psnet.powershell.syntax import ast, parse_with_errors
from psnet.powershell.syntax.visit import all_nodes, pure_expression, statements_of

from .functions import function_metadata
from .guards import askers
from .literals import elements, literal
from .reading import Source, for_seven, read_source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.powershell.facts.parameters import CommandMetadata
    from psnet.powershell.syntax import ParseError

_ROOT: Final = re.compile(r"(?im)^[ \t]*(?:RootModule|ModuleToProcess)[ \t]*=[ \t]*['\"]([^'\"]*)['\"]")
_ASSEMBLY: Final = re.compile(r"(?im)^[ \t]*(?:RootModule|ModuleToProcess|NestedModules)[ \t]*=[^\r\n]*\.dll\b")
_NAMED: Final = re.compile(r"(?i)\bCmdletsToExport\s*=\s*(?:@\(\s*)?['\"][^*'\"]")
_TEST: Final = re.compile(r"(?i)/(?:[^/]*tests?|stubs?|mocks?)/|\.tests\.ps1$|stubs?\.psm?1$|/examples?/")
_SCRIPTS: Final = (".ps1", ".psm1", ".psd1")
_BESIDE: Final = 200
_DEFINED: Final = re.compile(r"(?i)\b(?:function|filter|workflow|configuration)\s+(?:\w+:)?([\w-]+)")
_WORDS: Final = re.compile(r"[\w-]+")
#: Functions and aliases that a file makes by their names: ``Set-Item Function:Get-It``, ``Set-LabAlias -Name it``.
_MADE: Final = re.compile(
    r"(?i)\bfunction::?(?:(?:global|script):)?([\w-]+)|\b(?:[a-z]+-)[a-z]*alias\s[^\r\n|;]*?-name[ \t:]+['\"]?([\w-]+)"
)
_EXPORTS: Final = frozenset({"functionstoexport", "cmdletstoexport", "aliasestoexport"})


class Project:
    """Some files as one scope. With one file only, the files beside it are read when a name asks for them."""

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        self.paths = list(paths)
        self._sources: dict[Path, Source] = {}
        self._nodes: dict[int, list[ast.Node]] = {}
        self._accepted: dict[int, CommandMetadata | None] = {}
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

    def nodes(self, tree: ast.ScriptBlock) -> list[ast.Node]:
        """Return the nodes of one of the trees that were read here, walked once."""
        if id(tree) not in self._nodes:
            self._nodes[id(tree)] = all_nodes(tree)
        return self._nodes[id(tree)]

    def accepted(self, function: ast.FunctionDefinition) -> CommandMetadata | None:
        """Return what a function of one of the trees accepts, worked out once (``function_metadata``)."""
        if id(function) not in self._accepted:
            self._accepted[id(function)] = function_metadata(function)
        return self._accepted[id(function)]

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
        """The functions of all files, and what manifests export, in lower case."""
        found: set[str] = set()
        for path in self.paths:
            tree = self.tree(path)
            if tree is not None:
                found |= _made(self.source(path).text)
            for node in self.nodes(tree) if tree is not None else ():
                if isinstance(node, ast.FunctionDefinition):
                    found.add(node.name.rpartition(":")[2].lower())
                elif isinstance(node, ast.Hashtable) and path.suffix.lower() == ".psd1":
                    found.update(_exports(node))
        return frozenset(found)

    @cached_property
    def askers(self) -> frozenset[str]:
        """The functions of all files that test which PowerShell or system they are on, in lower case."""
        found: set[str] = set()
        for path in self.paths:
            tree = self.tree(path)
            found |= askers(tree, self.source(path).text) if tree is not None else set()
        return frozenset(found)

    def signature(self, name: str, caller: Path) -> CommandMetadata | None:
        """Return what a function of another file accepts, where only one file can be meant.

        That is: one file alone defines it, at its top, outside of tests, and the caller stands in that file's module
        (below the folder of a .psm1 or .psd1 around it) or in its folder.
        """
        found = self._signatures.get(name.lower())
        if found is None or len(found) != 1:
            return None
        ((path, node),) = found
        return self.accepted(node) if node is not None and self._together(path, caller) else None

    @cached_property
    def _signatures(self) -> dict[str, list[tuple[Path, ast.FunctionDefinition | None]]]:
        """Every definition of every function: its file, and its node where it stands at the file's top."""
        found: dict[str, list[tuple[Path, ast.FunctionDefinition | None]]] = {}
        for path in self.paths if self.whole else ():
            tree = self.tree(path)
            if tree is None:
                continue
            broken = _TEST.search(path.as_posix()) or self.parsed(self.source(path).text)[1]  # PowerShell 7's, or wrong
            top = set() if broken else {id(one) for one in statements_of(tree.end_block)}
            for node in self.nodes(tree):
                if isinstance(node, ast.FunctionDefinition):
                    name = node.name.rpartition(":")[2].lower()
                    found.setdefault(name, []).append((path, node if id(node) in top else None))
        return found

    def _together(self, path: Path, caller: Path) -> bool:
        return caller.parent == path.parent or any(
            folder in self._modules and folder in caller.parents for folder in path.parents
        )

    @cached_property
    def _modules(self) -> frozenset[Path]:
        return frozenset(path.parent for path in self.paths if path.suffix.lower() in {".psm1", ".psd1"})

    def language(self, path: Path, language: Literal["5.1", "7"]) -> Literal["5.1", "7"]:
        """Return the language that the manifest nearest around a file asks for, by default the given one."""
        around = [folder for folder in path.parents if folder in self._manifests]
        return "7" if around and self._manifests[around[0]] else language

    @cached_property
    def _manifests(self) -> dict[Path, bool]:
        """The folders of manifests and of their root modules, and whether PowerShell 7 is asked for there."""
        found: dict[Path, bool] = {}
        for path in self.paths:
            if path.suffix.lower() == ".psd1":
                text = self.source(path).text
                root = _ROOT.search(text)
                if root is not None:
                    beside = (path.parent / root[1].replace("\\", "/")).parent
                    for folder in {path.parent, Path(os.path.normpath(beside))}:
                        found[folder] = for_seven(text)
        return found

    @cached_property
    def binary(self) -> bool:
        """Whether a manifest has an assembly of which it does not say what commands it brings."""
        texts = (self.source(path).text for path in self.paths if path.suffix.lower() == ".psd1")
        return self.whole and any(_ASSEMBLY.search(text) and not _NAMED.search(text) for text in texts)

    @cached_property
    def names(self) -> frozenset[str]:
        """The files' names in lower case, with and without their ending: what a module may be imported by."""
        files = [path for path in self.paths if path.suffix.lower() in _SCRIPTS]
        return frozenset(name.lower() for path in files for name in (path.name, path.stem))

    def knows_module(self, name: str) -> bool:
        """Say whether a module's name or path means one of the files."""
        leaf = name.replace("\\", "/").rstrip("/").rpartition("/")[2].lower()
        return self.whole and leaf in self.names

    def defines(self, name: str) -> bool:
        """Say whether one of the files defines a function; for a single file, whether one beside it seems to."""
        return name.lower() in (self.functions if self.whole else self._seen_beside)

    @cached_property
    def _seen_beside(self) -> frozenset[str]:
        """The functions that the texts beside the only file seem to define, and the words of manifests there."""
        found: set[str] = set()
        for path in self._beside():
            with suppress(PsnetError):
                wanted = _WORDS if path.suffix.lower() == ".psd1" else _DEFINED
                found.update(name.lower() for name in wanted.findall(self.source(path).text))
        return frozenset(found)

    def _beside(self) -> list[Path]:
        if not self.paths:
            return []
        folder = self.paths[0].parent
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SCRIPTS)
        return [path for path in found[:_BESIDE] if path != self.paths[0]]


def _made(text: str) -> set[str]:
    if "unction:" not in text and "lias" not in text:
        return set()
    return {name.lower() for pair in _MADE.findall(text) for name in pair if name}


def _exports(table: ast.Hashtable) -> list[str]:
    """Return the names that a manifest exports, in lower case."""
    found: list[str] = []
    for key, value in table.pairs:
        if str(getattr(key, "value", "")).lower() in _EXPORTS:
            names = elements(literal(pure_expression(value)))
            found += [name.lower() for name in names if isinstance(name, str) and "*" not in name]
    return found
