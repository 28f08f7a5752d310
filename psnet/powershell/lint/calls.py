"""One command call held against what is known of its command."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from psnet.powershell.facts.builds import BUILDS
from psnet.powershell.facts.parameters import COMMON, SHOULD_PROCESS

from . import names, providers
from .arguments import Call, Written, read_call
from .binding import StaticBinder
from .facts import CommandFacts, aliases, commands, known_modules, seven_only, seven_parameters, uncertain_parameters
from .literals import text_of
from .spelling import near, nearest_command

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psnet.powershell.facts.parameters import CommandMetadata, ParameterInfo
    from psnet.powershell.syntax import ast

    from .scope import Scope

    Report = Callable[[int, str, str, str | None], None]

#: Modules whose commands another module hardly replaces.
_CORE: Final = (
    *("Microsoft.PowerShell.Core", "Microsoft.PowerShell.Utility", "Microsoft.PowerShell.Management"),
    *("Microsoft.PowerShell.Security", "Microsoft.PowerShell.Diagnostics", "Microsoft.PowerShell.Host"),
)
_VERBS: Final = ("Get", "Set", "New", "Remove", "Start", "Stop", "Restart", "Suspend", "Move", "Export", "Import")
#: Commands that community modules of the same names replace with more parameters (microsoft/SDN's hns.psm1).
_REPLACED: Final = frozenset({"HostNetworkingService"})
#: Commands of Hyper-V that the modules of other hypervisors have too (VMware PowerCLI, Virtual Machine Manager).
_SHARED: Final = frozenset(f"{verb}-{noun}" for verb in _VERBS for noun in ("VM", "VMHost"))
_COMMON: Final = frozenset(word.lower() for name, _, alias in (*COMMON, *SHOULD_PROCESS) for word in (name, alias))
_TYPO: Final = 4
#: Aliases that, alone on a line, are a sign of some text.
_SIGNS: Final = frozenset("?%")
_SYSTEM: Final = re.compile(r"(?i)\$is(?:linux|macos|windows)\b")
#: Aliases that PowerShell 7 leaves to the programs of these names on Linux and macOS (``#if !UNIX`` of its
#: InitialSessionState): what they take there is theirs.
_PROGRAMS: Final = frozenset(
    "ac cat clear compare cp cpp diff ls man mount mv ps rm rmdir sleep sort start tee write".split()  # noqa: SIM905 - a table of words
)


class CallChecker:
    """Checks the calls of one script and reports what is certainly wrong."""

    def __init__(self, scope: Scope, language: str, build: str | None, report: Report) -> None:
        self.scope = scope
        self.language = language
        self.build = build
        self.report = report

    def check(self, node: ast.Command, *, has_input: bool, fed: bool = False, away: bool = False) -> None:
        """Check one call.

        ``fed`` says that something else may give it its input, ``away`` that it runs in another session, which has
        none of the script's functions.
        """
        call = read_call(node, has_input=has_input or fed)
        if call.name is None or _is_property(call):
            return  # only a run could tell
        name = call.name
        module, _, bare = name.rpartition("\\")
        if (module and ("/" in name or ":" in name or module.startswith("."))) or not bare:
            return  # a path
        # Without any argument PowerShell is wanted to ask for them, as scripts with menus have it.
        asks = not call.arguments and not has_input
        if asks and name in _SIGNS:
            return
        self._named(call, bare, module, away=away, asks=asks)

    def _named(self, call: Call, name: str, module: str, *, away: bool, asks: bool) -> None:
        seen: set[str] = set()
        written = name.lower()
        while not module and not self.scope.has(name):
            meant = self.scope.aliases.get(name.lower()) or aliases(self.language).get(name.lower())
            if meant is None or name.lower() in seen:
                break
            seen.add(name.lower())
            name = meant
        if name != written and written in _PROGRAMS and written not in self.scope.aliases and self._elsewhere_run:
            return
        if not module and self.scope.has(name):
            metadata = None if away or asks else self.scope.accepts(name) or self._elsewhere(name)
            if metadata is not None:
                self._bind(call, name, metadata)
            return
        facts = commands().get(name.lower())
        if facts is not None:
            same = module.lower() == facts.module.lower() or (not facts.module and module.lower() in known_modules())
            if not module or same:  # another module's command of that name is another one
                self._known(call, facts)
        else:
            self._unknown(call, name, module)

    def _elsewhere(self, name: str) -> CommandMetadata | None:
        """Return what a function of another file accepts, where nothing else can have brought one of its name."""
        if self.scope.open or self.scope.path is None or name.lower() in self.scope.spelt or name.lower() in commands():
            return None
        return self.scope.project.signature(name, self.scope.path)

    def _unknown(self, call: Call, name: str, module: str) -> None:
        """Report a name that is nearly a known one, or that its module, which is known whole, has not."""
        verb, dash, noun = name.partition("-")
        if not dash or not noun or not verb.isalpha() or not noun.isalnum():
            return
        said = f"no cmdlet, function or alias is called {name}"
        if module:
            if module.lower() in known_modules():
                close = nearest_command(name)
                self.report(call.start, "unknown-command", said, f"did you mean {close}?" if close else None)
            return
        if self.scope.open or self.scope.project.binary:
            return
        close = nearest_command(name, self.scope.spelt.values())
        if close is None or self.scope.project.defines(name):
            return
        own = close.lower() in self.scope.spelt and _bare(close) != _bare(name)
        if (own or not self._foreign) and not self.scope.means(name):
            self.report(call.start, "unknown-command", said, f"did you mean {close}?")

    @cached_property
    def _elsewhere_run(self) -> bool:
        """Whether the script is for PowerShell 7, or asks whether it is on Linux or macOS."""
        return self.language == "7" or _SYSTEM.search(self.scope.text) is not None

    @cached_property
    def _foreign(self) -> bool:
        """Whether the script calls commands that nobody here knows: PowerShell loads their module by itself."""
        return any(map(self._nowhere, self.scope.called))

    def _nowhere(self, name: str) -> bool:
        verb, dash, noun = name.partition("-")
        if not dash or verb not in names.APPROVED_VERBS or not noun.isalnum() or name in commands():
            return False
        if self.scope.has(name) or name in self.scope.aliases or self.scope.project.defines(name):
            return False
        return nearest_command(name, self.scope.spelt.values()) is None

    def _known(self, call: Call, facts: CommandFacts) -> None:
        name = facts.name
        if self.language == "5.1" and name in seven_only() and not self.scope.open:
            self.report(call.start, "7-only-command", f"Windows PowerShell 5.1 has no {name}", None)
        if self.language == "7" and name in names.ONLY_51:
            self.report(call.start, "5.1-only-command", f"PowerShell 7 has no {name}", None)
        if self.build is not None and self.build not in facts.builds:
            self.report(call.start, "not-on-build", f"{name} is not on {self.build}", _on(facts.builds))
        if self.scope.open and facts.module not in _CORE:
            return  # a module that is imported may bring its own
        if not self.scope.project.whole and self.scope.project.defines(name):
            return
        if name in _SHARED and self._foreign:
            return
        if facts.metadata is not None:
            self._bind(call, name, facts.metadata, facts)
        elif facts.parameters is not None:
            self._by_name(call, facts)

    def _by_name(self, call: Call, facts: CommandFacts) -> None:
        """Look at the names of parameters where nothing else is known: a misspelling, or one of PowerShell 7."""
        known = {name.lower(): name for name in facts.parameters or ()}
        for written in call.arguments:
            wanted = (written.name or "").lower()
            if not wanted or wanted in _COMMON or any(name.startswith(wanted) for name in (*known, *_COMMON)):
                continue
            modern = next((one for one in seven_parameters(facts.name) if one.lower() == wanted), None)
            if modern is not None:
                self._modern(facts, modern, written)
                continue
            close = near(wanted, known)
            if close is not None and len(wanted) > _TYPO and not providers.added(call, facts.name, wanted, known):
                said = f"{facts.name} has no parameter -{written.name}"
                self.report(written.start, "unknown-parameter", said, f"did you mean -{known[close]}?")

    def _bind(self, call: Call, name: str, metadata: CommandMetadata, facts: CommandFacts | None = None) -> None:
        uncertain = uncertain_parameters(name) if facts is not None else frozenset()

        def late(info: ParameterInfo, written: Written) -> None:
            if facts is not None:
                self._late(facts, info, written)
                if info.name.lower() in uncertain:
                    binder.certain = False  # which sets it is in is not known

        def elsewhere(parameter: str) -> bool:
            """Say whether a parameter that the command has not may still be there."""
            if facts is None:
                return False
            own = [info.name for info in metadata.parameters.values()]
            if facts.module in _REPLACED or name in _SHARED:
                return near(parameter, own) is None
            return providers.added(call, name, parameter, own)

        others = elsewhere if facts is not None else None
        later = seven_parameters(name) if facts is not None and self.language == "5.1" else ()
        binder = StaticBinder(name, metadata, call, self.report, self.scope.defaults, late, others, later)
        binder.run()

    def _late(self, facts: CommandFacts, info: ParameterInfo, written: Written) -> None:
        if info.name in seven_parameters(facts.name):
            self._modern(facts, info.name, written)
        builds = facts.parameter_builds(info.name)
        if self.build is not None and self.build in facts.builds and self.build not in builds:
            said = f"{facts.name} of {self.build} has no -{info.name}"
            self.report(written.start, "parameter-not-on-build", said, _on(builds))

    def _modern(self, facts: CommandFacts, parameter: str, written: Written) -> None:
        if self.language == "5.1":
            said = f"{facts.name} of Windows PowerShell 5.1 has no -{parameter}"
            self.report(written.start, "7-only-parameter", said, None)


def _bare(name: str) -> str:
    """Return a name without what another name of the same thing may have else: dashes, a plural."""
    return name.lower().replace("-", "").rstrip("s")


def _is_property(call: Call) -> bool:
    """Say whether it is ``Type = 'Text'`` of a DSC resource outside of a configuration, which dot-sources the file."""
    first = call.arguments[0] if call.arguments else None
    return "-" not in str(call.name) and first is not None and text_of(first.value) == "="


def _on(builds: Sequence[str]) -> str:
    return f"it is on {', '.join(builds)}" if builds else f"none of {', '.join(BUILDS)} has it"
