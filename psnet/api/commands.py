"""``host.ps``: every cmdlet of Windows container networking as a method, checked before anything travels.

>>> host.ps.New_NetNat(Name="n", InternalIPInterfaceAddressPrefix="10.9.0.0/24")    # doctest: +SKIP
>>> host.ps["Get-NetNat"]()                                                         # doctest: +SKIP

Names, parameters, sets, values and builds come from Microsoft's documentation, the facts that ``psnet check`` uses.
"""

from __future__ import annotations

import keyword
import re
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any

from psnet._internal.yaml import nearest
from psnet.errors import InputError, Problem, RemoteError, UnknownNameError
from psnet.powershell.facts.builds import BUILDS
from psnet.powershell.facts.parameters import COMMON, SHOULD_PROCESS
from psnet.powershell.lint import lint_text
from psnet.powershell.lint.facts import CommandFacts, commands
from psnet.powershell.literal import arguments, literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.powershell.facts.parameters import ParameterInfo
    from psnet.transport import Output

_REMOTING = frozenset({"asjob", "cimsession", "throttlelimit"})  # the session is psnet's own
_COMMON = frozenset(name.lower() for name, *_ in (*COMMON, *SHOULD_PROCESS))
_NAME = re.compile(r"[A-Za-z]+[-_][A-Za-z0-9]+")


def python_name(cmdlet: str) -> str:
    """Return a cmdlet's name as a Python name: New_NetNat."""
    return cmdlet.replace("-", "_")


class Commands:
    """The cmdlets of one host or of many; ``run`` carries a script out, ``os`` says for which Windows to check."""

    def __init__(self, run: Callable[[str], Any], os: Callable[[], str | None] = lambda: None, where: str = "") -> None:
        self._run = run
        self._os = os
        self._where = where

    def __repr__(self) -> str:
        return f"<{len(commands())} cmdlets{f' on {self._where}' if self._where else ''}; such as .Get_NetNat()>"

    def __getattr__(self, name: str) -> Command:
        if name.startswith("_") or "_" not in name:
            raise AttributeError(name)
        try:
            return self[name]
        except UnknownNameError as error:
            raise AttributeError(str(error)) from None

    def __getitem__(self, name: str) -> Command:
        if not _NAME.fullmatch(name):
            raise UnknownNameError(f"{name!r} is no cmdlet's name", remedy="write Get_NetNat, or ['Get-NetNat']")
        wanted = name.replace("_", "-", 1)
        facts = commands().get(wanted.lower())
        if facts is None:
            near = nearest(wanted, [item.name for item in commands().values()])
            hint = f"did you mean {python_name(near)}?" if near else "run('...') takes any PowerShell"
            raise UnknownNameError(f"no cmdlet is called {wanted}", remedy=hint)
        return Command(facts, self._run, self._os)

    def __dir__(self) -> list[str]:
        known = [python_name(facts.name) for facts in commands().values() if facts.metadata and "-" in facts.name]
        return sorted({*object.__dir__(self), *known})

    def _ipython_key_completions_(self) -> list[str]:
        return [facts.name for facts in commands().values()]


class Command:
    """One cmdlet. Call it with its parameters; ``script`` returns the PowerShell instead of running it."""

    def __init__(self, facts: CommandFacts, run: Callable[[str], Any], os: Callable[[], str | None]) -> None:
        self._facts = facts
        self._run = run
        self._os = os
        self.__name__ = python_name(facts.name)
        self.__doc__ = help_text(facts)
        self.__signature__ = Signature(
            [
                Parameter(info.name, Parameter.KEYWORD_ONLY, default=None)
                for info in _parameters(facts)
                if not keyword.iskeyword(info.name)
            ]
        )

    def __repr__(self) -> str:
        return f"<{self._facts.name}({', '.join(info.name for info in _parameters(self._facts))})>"

    def script(self, /, *values: Any, **parameters: Any) -> str:
        """Return the PowerShell of a call; raise InputError when Windows would refuse it.

        ``True`` switches a switch on; lists are arrays; a parameter that is a Python word takes an underscore more.
        """
        infos = {info.name.lower(): info for info in _parameters(self._facts)}
        given: dict[str, Any] = {}
        unknown = []
        for name, value in parameters.items():
            info = infos.get(name.rstrip("_").lower())
            if info is None and infos and name.lower() not in _COMMON:
                near = nearest(name, [item.name for item in infos.values()])
                remedy = (
                    f"did you mean {near}?" if near else f"it has {', '.join(item.name for item in infos.values())}"
                )
                unknown.append(Problem(f"there is no parameter {name}", self._facts.name, remedy=remedy))
            elif value is not None:
                given[info.name if info else name.rstrip("_")] = _fitting(value, info)
        if unknown:
            raise InputError(f"{self.__name__}(...) would be refused", unknown)
        parts = [self._facts.name, *(literal(value) for value in values), str(arguments(given))]
        text = " ".join(part for part in parts if part)
        findings = lint_text(text, self._facts.name, os=self._os())
        if findings:
            problems = [Problem(item.message, self._facts.name, remedy=item.remedy) for item in findings]
            raise InputError(f"{text} would be refused", problems)
        return text

    def __call__(self, /, *values: Any, **parameters: Any) -> Any:
        """Run it on the host and return the objects; raise RemoteError when PowerShell reports an error."""
        return self._run(self.script(*values, **parameters))


def build_key(build: int | None) -> str | None:
    """Return the Windows whose facts hold for a build: its own or the next older one that is known; None for none."""
    known = [item for item in BUILDS.values() if build is not None and item.build <= build]
    return max(known, key=lambda item: item.build).key if known else None


def run_command(run: Callable[[str], Output], host: str, text: str) -> Output:
    """Run one cmdlet's call and return its output; its first error becomes RemoteError."""
    output = run(f"$ErrorActionPreference = 'Stop'\n{text}")
    if output.errors:
        first = output.errors[0]
        raise RemoteError(str(first), error_id=first.error_id, host=host, step=text.split(" ", 1)[0])
    return output


def _parameters(facts: CommandFacts) -> Iterator[ParameterInfo]:
    if facts.metadata is not None:
        for key, info in facts.metadata.parameters.items():
            if not info.common and not info.dont_show and key not in _REMOTING:
                yield info


def _fitting(value: Any, info: ParameterInfo | None) -> Any:
    """Return a value as the cmdlet takes it: an enumeration's True is the word True."""
    if isinstance(value, bool) and info is not None and not info.is_switch and allowed(info):
        return str(value)
    return value


def allowed(info: ParameterInfo) -> tuple[str, ...]:
    """Return the values that a parameter takes; empty when the documentation lists none."""
    found = (getattr(item, "values", None) for item in info.validators)
    return next((tuple(str(value) for value in values) for values in found if values), ())


def help_text(facts: CommandFacts) -> str:
    """Return what help() shows: the parameters with types and values, and the builds that have the cmdlet."""
    lines = [f"{facts.name}{f' (module {facts.module})' if facts.module else ''}", ""]
    for info in _parameters(facts):
        needed = "required" if all(item.mandatory for item in info.entries()) else ""
        values = ", ".join(allowed(info))
        words = [word for word in (info.type_name, needed, f"one of {values}" if values else "") if word]
        builds = facts.parameter_builds(info.name)
        if builds != facts.builds:
            words.append(f"on {', '.join(builds)}")
        lines.append(f"    {info.name}: {', '.join(words)}")
    return "\n".join([*lines, "", f"On: {', '.join(facts.builds) or 'no build of psnet lab'}"])
