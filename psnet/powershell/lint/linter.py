"""``lint_text``, ``lint_file`` and ``lint_files``: everything that is certainly wrong with scripts."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, Literal

from psnet.powershell.facts.builds import windows_build
from psnet.powershell.syntax import ast, line_starts
from psnet.powershell.syntax.visit import statements_of

from . import guards, languages, suppress
from .calls import CallChecker
from .deliberate import wanted_errors
from .finding import Finding
from .project import Project
from .reading import Source, carried_by_ansible, fills_in, is_template, localized, needed_language, read_source
from .scope import Scope
from .sound import own_errors, sound_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from psnet.powershell.syntax import ParseError

Language = Literal["5.1", "7"]

# Refusals that depend on what is loaded when a file is read: other files of a module may have brought it, and
# PowerShell 7 reads configurations where PSDesiredStateConfiguration 2 is installed.
_LOADED: Final = frozenset(
    {"TypeNotFound", "CustomAttributeTypeNotFound", "ErrorLoadingAssembly", "UnsupportedConfiguration"}
)
#: Rules about the file, not about what a call in it does.
_WHOLE: Final = frozenset({"syntax-error", "7-only-syntax", "missing-mark"})
#: A file with more errors of their own is no PowerShell at all: only the first says something.
_MOST_ERRORS: Final = 2
_PROPERTY: Final = re.compile(r"(?i)[ \t]*(?:filter|function)[ \t]*=")
_TEXTS: Final = (
    ast.StringConstantExpression,
    ast.ExpandableStringExpression,
    ast.VariableExpression,
    ast.CommandParameter,
)


def lint_text(
    text: str, path: str = "script.ps1", *, language: Language = "5.1", os: str | None = None, file: Path | None = None
) -> list[Finding]:
    """Return what is wrong with a script, in order.

    ``os`` is a build such as "2022": what that build lacks is then reported too. ``file`` is where
    the text stands on disk, so that what it dot-sources can be read. No text makes it fail.
    """
    return _Linter(Source(text), path, language, os).run(file, Project())


def lint_file(path: Path, *, language: Language = "5.1", os: str | None = None) -> list[Finding]:
    """Return what is wrong with a file; raise InputError when it cannot be read. The files beside it are looked at."""
    return _Linter(read_source(path), str(path), language, os).run(path, Project([path]))


def lint_files(
    paths: Iterable[Path], *, language: Language = "5.1", os: str | None = None
) -> Iterator[tuple[Path, list[Finding]]]:
    """Yield each file with what is wrong with it; together they are one scope: what one defines the others may call.

    Raises InputError for a file that cannot be read.
    """
    project = Project(paths)
    for path in project.paths:
        yield path, _Linter(project.source(path), str(path), language, os).run(path, project)


class _Linter:
    def __init__(self, source: Source, path: str, language: Language, os: str | None) -> None:
        self.source = source
        self.text = source.text
        self.path = path
        self.language = needed_language(self.text, language)
        self.build = windows_build(os).key if os else None
        self.starts = line_starts(self.text)
        self.findings: list[Finding] = []
        self.scope = Scope()
        self.foreign = False  # it has so many errors that it is in another language, or a pasted console

    def run(self, file: Path | None, project: Project) -> list[Finding]:
        self.scope.project, self.scope.path = project, file
        if file is not None:
            self.language = project.language(file, self.language)
        tree, errors = self._parse()
        if tree is not None:
            try:
                where = file.resolve() if file else None
                self.scope.read(tree, where, self.text)
                self.scope.open |= bool(errors)
                self.scope.doubt(errors)
                if not self.foreign and not languages.WORDS & self.scope.called - set(self.scope.functions):
                    self._calls(tree, errors)
                if self.source.ansi is not None and self.language == "5.1" and not self._read_as_utf8(file):
                    self._mark(tree, sound=not errors)
            except RecursionError:
                self.report(0, "syntax-error", "ScriptTooComplicated: the nesting is too deep to look into", None)
        comments = suppress.suppressions(self.text, tree)
        kept = suppress.attributed(self._unguarded(tree), tree, self.starts)
        return suppress.apply(kept, comments, self.path)

    def report(self, offset: int, rule: str, message: str, remedy: str | None) -> None:
        line = bisect_right(self.starts, offset)
        self.findings.append(Finding(self.path, line, offset - self.starts[line - 1] + 1, rule, message, remedy))

    def _unguarded(self, tree: ast.ScriptBlock | None) -> list[Finding]:
        """Return the findings, each once, without those of another PowerShell where the script asked for it.

        What stands where a test wants an error, or where another tool fills a text in, is none either.
        """
        found = list(dict.fromkeys(self.findings))
        if tree is None or all(one.rule in _WHOLE for one in found):
            return found
        modern = any(one.rule in guards.RULES for one in found)
        spans = guards.guarded(tree, self.text, self.scope.project.askers) if modern else []
        wanted = wanted_errors(tree)

        def excused(one: Finding) -> bool:
            place = self.starts[one.line - 1] + one.column - 1
            if fills_in(self.text, place) or languages.prompted(self.text, place):
                return True
            around = [*wanted, *(spans if one.rule in guards.RULES else ())]
            return any(start <= place <= end for start, end in around)

        return [one for one in found if one.rule in _WHOLE or not excused(one)]

    # -- syntax -------------------------------------------------------------------------------

    def _parse(self) -> tuple[ast.ScriptBlock | None, list[ParseError]]:
        tree, errors = self._read(self.text, self.language)
        if not errors:
            return tree, []
        if self.language == "5.1":
            modern, left = self._read(self.text, "7")
            if not left:
                first = errors[0]
                said = f"Windows PowerShell 5.1 does not read this, PowerShell 7 does: {_said(first)}"
                self.report(first.start, "7-only-syntax", said, "write it for 5.1, or check with --language 7")
                return modern, []
        if self.source.local and not self._read(self.source.plain, self.language)[1]:
            return tree, errors  # of another code page its letters may be right
        if is_template(self.text, min(error.start for error in errors)):
            return tree, errors
        own = own_errors(tree, errors) if tree is not None else errors[:1]
        remedy = languages.remedy(self.text)
        self.foreign = remedy is not None or len(own) > _MOST_ERRORS
        for error in own[:1] if self.foreign else own:
            self.report(min(error.start, len(self.text)), "syntax-error", _said(error), remedy)
        return tree, errors

    def _read(self, text: str, language: Language) -> tuple[ast.ScriptBlock | None, list[ParseError]]:
        tree, errors = self.scope.project.parsed(text, language)
        return tree, [error for error in errors if error.error_id not in _LOADED and not _is_property(text, error)]

    def _mark(self, tree: ast.ScriptBlock, *, sound: bool) -> None:
        """Report the first text that Windows PowerShell reads otherwise because the file has no mark."""
        nodes = self.scope.project.nodes(tree)
        places = [node.start for node in nodes if isinstance(node, _TEXTS) and not self._plain(node)]
        if not places:
            return
        said = "without a byte order mark Windows PowerShell 5.1 reads this file as ANSI, not as UTF-8"
        if sound and self._read(str(self.source.ansi), "5.1")[1]:
            said += "; one of its characters then ends a string, and the file is no PowerShell"
        self.report(min(places), "missing-mark", said, "save it as UTF-8 with a mark (BOM), or keep to ASCII")

    def _read_as_utf8(self, file: Path | None) -> bool:
        """Say whether something else than Windows PowerShell's own reading of scripts opens the file."""
        return carried_by_ansible(self.text) or (file is not None and localized(file))

    def _plain(self, node: ast.Node) -> bool:
        return self.text[node.start : node.end].isascii()

    # -- commands -----------------------------------------------------------------------------

    def _calls(self, tree: ast.ScriptBlock, errors: list[ParseError]) -> None:
        checker = CallChecker(self.scope, self.language, self.build, self.report)
        fed: set[int] = set()  # pipelines that are given their input by a steppable pipeline
        lowered = self.text.lower()
        steppable = "getsteppablepipeline" in lowered
        silent = [*(self._workflows(tree) if "workflow" in lowered else ()), *self._broken_lines(errors)]
        for node in sound_nodes(tree, errors) if errors else self.scope.project.nodes(tree):
            if isinstance(node, ast.Pipeline):
                for at, element in enumerate(node.elements):
                    if isinstance(element, ast.Command) and not (
                        silent and any(a <= element.start < b for a, b in silent)
                    ):
                        away = self.scope.is_away(element)
                        checker.check(element, has_input=at > 0, fed=id(node) in fed, away=away)
            elif steppable and isinstance(node, ast.ScriptBlockExpression) and node.block is not None:
                fed.update(id(statement) for statement in statements_of(node.block.end_block))

    def _workflows(self, tree: ast.ScriptBlock) -> list[tuple[int, int]]:
        """Return where workflows stand: what is called there are activities, with parameters of their own."""
        nodes = self.scope.project.nodes(tree)
        return [(n.start, n.end) for n in nodes if isinstance(n, ast.FunctionDefinition) and n.is_workflow]

    def _broken_lines(self, errors: list[ParseError]) -> list[tuple[int, int]]:
        """Return what comes after a syntax error on its line: the end of what stands before it, mostly."""
        ends = (self.text.find("\n", error.start) for error in errors)
        return [(e.start, end if end >= 0 else len(self.text) + 1) for e, end in zip(errors, ends, strict=True)]


def _is_property(text: str, error: ParseError) -> bool:
    """Say whether it is ``Filter = ...`` of a DSC resource outside of a configuration, which dot-sources the file."""
    line = text[text.rfind("\n", 0, error.start) + 1 : error.end + 1]
    return error.error_id == "MissingFunctionBody" and _PROPERTY.match(line) is not None


def _said(error: ParseError) -> str:
    return f"{error.error_id}: {error.message}".replace("\r", "").replace("\n", " ")
