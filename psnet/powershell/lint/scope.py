"""What a script defines, dot-sources and imports: names that its commands may mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psnet.powershell.syntax import ast

from .arguments import command_name, read_call
from .away import blocks_away
from .facts import known_modules
from .literals import beginning, literal, text_of
from .project import Project
from .reading import carried_by_ansible, is_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from psnet.powershell.facts.parameters import CommandMetadata
    from psnet.powershell.syntax import ParseError

    from .arguments import Call, Written

_ALIASING = frozenset({"set-alias", "new-alias", "sal", "nal"})
_IMPORTING = frozenset({"import-module", "ipmo"})
_MAKING = frozenset(
    {
        *("invoke-expression", "iex", "new-module", "nmo", "import-pssession", "import-alias", "ipal"),
        *("add-pssnapin", "asnp"),
    }
)
_ITEMS = frozenset({"new-item", "set-item", "ni", "si", "set-content", "copy-item", "rename-item"})
_OPTIONS = frozenset({"scope", "option", "erroraction", "prefix", "minimumversion", "requiredversion", "description"})
_DRIVES = re.compile(r"(?i)(?:[\w.]+\\)?(?:function|alias):")
_MOST_FILES = 64
_MOST_SLIPS = 2


@dataclass
class Scope:
    """Functions by name in lower case (None: only a run tells what it accepts), and aliases.

    ``spelt`` has the names of this script's own functions as they are written. ``open`` says that more commands may
    exist than can be seen; ``path`` is the script's; ``called`` has the names that it calls, in lower case;
    ``defaults`` says that $PSDefaultParameterValues is set somewhere; ``away`` are the places of script blocks that
    run in another session.
    """

    functions: dict[str, ast.FunctionDefinition | None] = field(default_factory=dict)
    spelt: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    project: Project = field(default_factory=Project)
    path: Path | None = None
    open: bool = False
    defaults: bool = False
    away: list[tuple[int, int]] | None = None
    called: set[str] = field(default_factory=set)
    seen: set[Path] = field(default_factory=set)
    text: str = ""

    def read(self, tree: ast.ScriptBlock, path: Path | None, text: str = "") -> None:
        """Take in a script and what it brings in; ``text`` is looked through for ``#AnsibleRequires``."""
        self.open |= carried_by_ansible(text)
        self.text = self.text or text
        if tree.requires is not None:
            self._modules(*(spec.name for spec in tree.requires.modules))
            self.open |= bool(tree.requires.snapins)
        outer, self.away = self.away, []
        for node in self.project.nodes(tree):
            if isinstance(node, ast.FunctionDefinition):
                self._function(node)
            elif isinstance(node, ast.UsingStatement) and node.kind.lower() == "module":
                self._module(text_of(node.name), path)
            elif isinstance(node, ast.AssignmentStatement):
                self._assignment(node)
            elif isinstance(node, ast.Command):
                self._command(node, path)
        self.away = self.away if outer is None else outer

    def _function(self, node: ast.FunctionDefinition) -> None:
        name = node.name.rpartition(":")[2].lower()
        self.spelt[name] = node.name.rpartition(":")[2]
        self.functions[name] = None if name in self.functions or self.is_away(node) else node

    def is_away(self, node: ast.Node) -> bool:
        """Say whether a node stands in a script block that runs in another session (``blocks_away``)."""
        return self.away is not None and any(start <= node.start < end for start, end in self.away)

    def has(self, name: str) -> bool:
        """Say whether the script or another of the files that are checked together defines a function."""
        return name.lower() in self.functions or (self.project.whole and name.lower() in self.project.functions)

    def doubt(self, errors: Iterable[ParseError]) -> None:
        """Forget what functions accept in which a syntax error stands."""
        places = [error.start for error in errors]
        for name, node in self.functions.items():
            if node is not None and any(node.start <= place <= node.end for place in places):
                self.functions[name] = None

    def means(self, name: str) -> bool:
        """Say whether a name stands more than twice in what is checked together: a slip of the fingers does not."""
        word = re.compile(rf"(?i)(?<![\w-]){re.escape(name)}(?![\w-])")
        texts = [self.project.source(path).text for path in self.project.paths] or [self.text]
        return sum(len(word.findall(text)) for text in texts) > _MOST_SLIPS

    def accepts(self, name: str) -> CommandMetadata | None:
        """Return what a function of this script accepts, None where only a run could tell."""
        node = self.functions.get(name.lower())
        return self.project.accepted(node) if node is not None and name.lower() not in self.aliases else None

    def _made(self, name: str) -> None:
        """Take in a function of which only a run can tell what it accepts."""
        self.functions[name] = None
        self.spelt[name] = name

    def _assignment(self, node: ast.AssignmentStatement) -> None:
        target: ast.Node | None = node.left
        while isinstance(target, (ast.IndexExpression, ast.MemberExpression, ast.ConvertExpression)):
            target = {
                ast.IndexExpression: lambda n: n.target,
                ast.MemberExpression: lambda n: n.object,
                ast.ConvertExpression: lambda n: n.operand,
            }[type(target)](target)
        if isinstance(target, ast.VariableExpression):
            path = target.path.lower()
            self.defaults |= path.endswith("psdefaultparametervalues")
            if path.startswith("function:"):
                self._made(path.removeprefix("function:"))
            elif path.startswith("alias:"):
                self.open = True

    def _command(self, node: ast.Command, path: Path | None) -> None:
        if node.invocation == "Dot":
            if not isinstance(node.elements[0], ast.ScriptBlockExpression):
                self._file(node.elements[0], path)
            return
        name = (command_name(node.elements[0]) or "").lower().rpartition("\\")[2]
        self.called.add(name)
        if self.away is not None:
            self.away += blocks_away(node, name)
        if name in _MAKING:
            self.open = True
        elif name in _ALIASING:
            self._alias(read_call(node, has_input=False))
        elif name in _IMPORTING:
            self._import(read_call(node, has_input=False), path)
        elif name.startswith("import-") and "module" in name:
            self.open = True  # a helper of somebody's around Import-Module
        elif name == "mock":
            self._mock(read_call(node, has_input=False))
        elif name in _ITEMS:
            texts = map(beginning, (argument.value for argument in read_call(node, has_input=False).arguments))
            self.open |= any(_DRIVES.match(text) for text in texts)

    def _alias(self, call: Call) -> None:
        values = [text_of(argument.value) for argument in call.arguments if argument.value is not None]
        named = {(a.name or "").lower(): text_of(a.value) for a in call.arguments if a.name and a.value}
        plain = [text_of(argument.value) for argument in _values(call)]
        alias = named.get("name") or (plain[0] if plain else None)
        meant = named.get("value") or (plain[-1] if plain else None)
        if alias and meant and None not in values:
            self.aliases[alias.lower()] = meant
        else:
            self.open = True

    def _mock(self, call: Call) -> None:
        """Take in Pester's Mock: with -RemoveParameterValidation or -RemoveParameterType other values are right."""
        values = _values(call)
        if values and any((argument.name or "").lower().startswith("removeparam") for argument in call.arguments):
            self._made((text_of(values[0].value) or "").lower())

    def _import(self, call: Call, path: Path | None) -> None:
        values = _values(call)
        if call.open or not values:
            self.open = True
        for argument in values[:1]:
            value = literal(argument.value)
            if isinstance(value, list):
                self._modules(*(str(one) for one in value))
            elif isinstance(value, str):
                self._module(value, path)
            else:
                self._file(argument.value, path)

    def _modules(self, *names: str) -> None:
        self.open |= any(name.lower() not in known_modules() and not self.project.knows_module(name) for name in names)

    def _module(self, name: str | None, path: Path | None) -> None:
        if name is None or not name.lower().endswith((".psm1", ".ps1")):
            self._modules(name or "?")
        else:
            self._load(name, path)

    def _file(self, node: ast.Node | None, path: Path | None) -> None:
        """Bring in a file that is named by a constant, or by one that begins with $PSScriptRoot."""
        written = text_of(node)
        if isinstance(node, ast.ExpandableStringExpression):
            head, *rest = node.pieces
            if isinstance(head, ast.VariableExpression) and head.path.lower() == "psscriptroot":
                written = "." + "".join(rest) if all(isinstance(one, str) for one in rest) else None  # type: ignore[arg-type]
        if written is None:
            leaf = getattr(node, "pieces", ())[-1:] or getattr(node, "nested", ())[-1:]
            self.open |= not (leaf and isinstance(leaf[0], str) and self.project.knows_module(leaf[0]))
        else:
            self._load(written, path)

    def _load(self, written: str, path: Path | None) -> None:
        if path is None:
            self.open = True
            return
        found = path.parent / written.replace("\\", "/")
        found = found.resolve() if is_file(found) else found
        if found in self.seen:
            return
        self.seen.add(found)
        tree = self.project.tree(found) if is_file(found) else None
        if tree is None:
            self.open |= not self.project.knows_module(written)
        elif len(self.seen) <= _MOST_FILES:
            self.read(tree, found)


def _values(call: Call) -> list[Written]:
    """Return the arguments that say what is meant; those of options such as -Scope are left out."""
    found: list[Written] = []
    option = False
    for argument in call.arguments:
        if argument.value is not None and not option:
            found.append(argument)
        option = argument.value is None and (argument.name or "").lower() in _OPTIONS
    return found
