"""``lint_text`` and ``lint_file``: everything that is certainly wrong with a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from psnet.errors import InputError
from psnet.powershell.facts.builds import BUILDS, windows_build
from psnet.powershell.syntax import ast, line_starts, parse_with_errors
from psnet.powershell.syntax.visit import descendants

from . import names, suppress
from .arguments import Call, Written, read_call
from .binding import StaticBinder
from .facts import CommandFacts, aliases, commands, extra_parameters, may_be_elsewhere, nearest_command
from .finding import Finding
from .scope import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from psnet.powershell.facts.parameters import CommandMetadata, ParameterInfo
    from psnet.powershell.syntax import ParseError

Language = Literal["5.1", "7"]


def lint_text(
    text: str, path: str = "script.ps1", *, language: Language = "5.1", os: str | None = None, file: Path | None = None
) -> list[Finding]:
    """Return what is wrong with a script, in order.

    ``os`` is a build of the lab such as "2022": what that build lacks is then reported too. ``file`` is where
    the text stands on disk, so that what it dot-sources can be read. No text makes it fail.
    """
    return _Linter(text, path, language, os).run(file)


def lint_file(path: Path, *, language: Language = "5.1", os: str | None = None) -> list[Finding]:
    """Return what is wrong with a file; raise InputError when it cannot be read."""
    return lint_text(read_script(path), str(path), language=language, os=os, file=path)


def read_script(path: Path) -> str:
    """Return a script's text: UTF-8 or UTF-16 by its mark, UTF-8 without one."""
    try:
        raw = path.read_bytes()
        return raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", remedy="check the path") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8: byte {error.start}", remedy="save it as UTF-8 with a mark") from None


class _Linter:
    def __init__(self, text: str, path: str, language: Language, os: str | None) -> None:
        self.text = text
        self.path = path
        self.language = language
        self.build = windows_build(os).key if os else None
        self.starts = line_starts(text)
        self.findings: list[Finding] = []
        self.scope = Scope()

    def run(self, file: Path | None) -> list[Finding]:
        tree = self._parse()
        if tree is not None:
            try:
                self.scope.read(tree, file.resolve() if file else None)
                for node in descendants(tree):
                    if isinstance(node, ast.Pipeline):
                        for at, element in enumerate(node.elements):
                            if isinstance(element, ast.Command):
                                self._command(element, has_input=at > 0)
            except RecursionError:
                self.report(0, "syntax-error", "ScriptTooComplicated: the nesting is too deep to look into", None)
        comments = suppress.suppressions(self.text, tree)
        return suppress.apply(dict.fromkeys(self.findings), comments, self.path)

    def report(self, offset: int, rule: str, message: str, remedy: str | None) -> None:
        from bisect import bisect_right  # noqa: PLC0415 - one use

        line = bisect_right(self.starts, offset)
        self.findings.append(Finding(self.path, line, offset - self.starts[line - 1] + 1, rule, message, remedy))

    # -- syntax -------------------------------------------------------------------------------

    def _parse(self) -> ast.ScriptBlock | None:
        tree, errors = parse_with_errors(self.text, language=self.language)
        if not errors:
            return tree
        if self.language == "5.1":
            modern, left = parse_with_errors(self.text, language="7")
            if not left:
                first = errors[0]
                said = f"Windows PowerShell 5.1 does not read this, PowerShell 7 does: {_said(first)}"
                self.report(first.start, "7-only-syntax", said, "write it for 5.1, or check with --language 7")
                return modern
        for error in errors:
            self.report(min(error.start, len(self.text)), "syntax-error", _said(error), None)
        return None

    # -- commands -----------------------------------------------------------------------------

    def _command(self, node: ast.Command, *, has_input: bool) -> None:
        call = read_call(node, has_input=has_input)
        if call.name is None:
            return  # only a run could tell
        name = call.name
        module, _, bare = name.rpartition("\\")
        if (module and ("/" in name or ":" in name or module.startswith("."))) or not bare:
            return  # a path
        self._named(call, bare, module)

    def _named(self, call: Call, name: str, module: str) -> None:
        seen: set[str] = set()
        while not module and name.lower() not in self.scope.functions:
            meant = self.scope.aliases.get(name.lower()) or aliases(self.language).get(name.lower())
            if meant is None or name.lower() in seen:
                break
            seen.add(name.lower())
            name = meant
        if not module and name.lower() in self.scope.functions:
            metadata = self.scope.functions[name.lower()]
            if metadata is not None:
                self._bind(call, name, metadata)
            return
        facts = commands().get(name.lower())
        if facts is not None:
            self._known(call, facts)
        elif not (module and module.lower() not in names.MODULES):
            self._unknown(call, name)

    def _unknown(self, call: Call, name: str) -> None:
        verb, dash, noun = name.partition("-")
        if not dash or not noun or not verb.isalpha() or "." in name or "/" in name or self.scope.open:
            return
        close = nearest_command(name)
        approved = verb.lower() in names.APPROVED_VERBS
        if may_be_elsewhere(name) or not (approved or close):
            return
        local = [one for one in self.scope.functions if one.replace("-", "") == name.lower().replace("-", "")]
        remedy = f"did you mean {close}?" if close else f"did you mean {local[0]}?" if local else None
        remedy = remedy or "define it, dot-source it, or import the module that has it"
        self.report(call.start, "unknown-command", f"no cmdlet, function or alias is called {name}", remedy)

    def _known(self, call: Call, facts: CommandFacts) -> None:
        name = facts.name
        if self.language == "5.1" and name in names.SEVEN_ONLY:
            self.report(call.start, "7-only-command", f"Windows PowerShell 5.1 has no {name}", None)
        if self.language == "7" and name in names.ONLY_51:
            self.report(call.start, "5.1-only-command", f"PowerShell 7 has no {name}", None)
        if self.build is not None and self.build not in facts.builds:
            self.report(call.start, "not-on-build", f"{name} is not on {self.build}", _on(facts.builds))
        if facts.metadata is not None:
            self._bind(call, name, facts.metadata, facts)

    def _bind(self, call: Call, name: str, metadata: CommandMetadata, facts: CommandFacts | None = None) -> None:
        def late(info: ParameterInfo, written: Written) -> None:
            if facts is not None:
                self._late(facts, info, written)
                if info.name in extra_parameters(facts.name):
                    binder.certain = False  # which sets it is in is not known

        binder = StaticBinder(name, metadata, call, self.report, self.scope.defaults, late)
        binder.run()

    def _late(self, facts: CommandFacts, info: ParameterInfo, written: Written) -> None:
        if self.language == "5.1" and info.name in names.SEVEN_PARAMETERS.get(facts.name.lower(), ()):
            said = f"{facts.name} of Windows PowerShell 5.1 has no -{info.name}"
            self.report(written.start, "7-only-parameter", said, None)
        builds = facts.parameter_builds(info.name)
        if self.build is not None and self.build in facts.builds and self.build not in builds:
            said = f"{facts.name} of {self.build} has no -{info.name}"
            self.report(written.start, "parameter-not-on-build", said, _on(builds))


def _said(error: ParseError) -> str:
    return f"{error.error_id}: {error.message}".replace("\r", "").replace("\n", " ")


def _on(builds: Sequence[str]) -> str:
    return f"it is on {', '.join(builds)}" if builds else f"none of {', '.join(BUILDS)} has it"
