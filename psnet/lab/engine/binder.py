"""The parameter binder: named, then positional, then default values, then the rest; sets; mandatory ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.values import GenericList, SwitchParameter
from psnet.powershell.facts import inbox

from . import net
from .arguments import MISSING, Argument
from .bind_errors import bind_error
from .bind_sets import ParameterSets
from .bind_value import bind_value, fits
from .cmdlet import Parameters
from .flow import ScriptError
from .scriptblock import ScriptBlock

if TYPE_CHECKING:
    from psnet.powershell.facts.parameters import CommandMetadata, ParameterInfo

    from .processor import CommandProcessor


_TAKE_BLOCKS: Final = {
    "System.Object",
    "System.Object[]",
    "System.Management.Automation.PSObject",
    "System.Management.Automation.PSObject[]",
    "System.Management.Automation.ScriptBlock",
    "System.Management.Automation.ScriptBlock[]",
    "System.Delegate",
}


class Binder:
    """Binds one call. ``values`` are bound values by parameter name; ``rest`` what a simple function gets in $args."""

    def __init__(self, processor: CommandProcessor, meta: CommandMetadata) -> None:
        self.processor = processor
        self.meta = meta
        self.values = Parameters()
        self.rest: list[Argument] = []
        self.sets = ParameterSets(meta)
        self.from_pipeline: list[str] = []
        self.from_defaults: set[str] = set()
        self.delayed: dict[str, tuple[ParameterInfo, ScriptBlock]] = {}

    # -- names --------------------------------------------------------------------------------

    def find(self, name: str) -> ParameterInfo | None:
        """Return the parameter that a written name means: exact, then alias, then unambiguous prefix."""
        wanted = name.lower()
        exact = self.meta.parameters.get(wanted)
        if exact is not None:
            return exact
        infos = list(self.meta.parameters.values())
        for info in infos:
            if any(alias.lower() == wanted for alias in info.aliases):
                return info
        if not wanted:
            return None
        found = [info for info in infos if info.name.lower().startswith(wanted)]
        found += [
            info
            for info in infos
            if info not in found and any(alias.lower().startswith(wanted) for alias in info.aliases)
        ]
        if len(found) > 1:
            own = [info for info in found if not info.common and not info.dynamic]
            if len(own) != 1:
                shown = "".join(f" -{info.name}" for info in found)
                raise bind_error(self.processor, "AmbiguousParameter", name, shown)
            found = own
        return found[0] if found else None

    # -- the command line ---------------------------------------------------------------------

    def bind_command_line(self, arguments: list[Argument], *, expecting_input: bool) -> None:
        """Bind everything that was written; raises the binder's errors."""
        arguments = [argument for argument in arguments if not argument.dashes]
        left = self._bind_named(self._paired(arguments))
        left = self._bind_positional(left)
        self._bind_default_values()
        left = self._bind_remaining(left)
        if self.meta.advanced:
            self._refuse(left)
            self.sets.settle(self, before_pipeline=expecting_input)
            missing = self.sets.missing_mandatory(self, expecting_input=expecting_input)
            if missing:
                names = "".join(f" {info.name}" for info in missing)
                raise bind_error(self.processor, "MissingMandatoryParameter", names)
        else:
            self.rest = left

    def bind_declared(self, arguments: list[Argument]) -> None:
        """Bind what the declared parameters take, before dynamic ones are known; what is left is nobody's yet."""
        left = self._bind_named(self._paired([argument for argument in arguments if not argument.dashes]))
        self._bind_positional(left)
        self._bind_default_values()

    def _paired(self, arguments: list[Argument]) -> list[Argument]:
        """Give every parameter's name its argument."""
        found: list[Argument] = []
        at = 0
        while at < len(arguments):
            argument = arguments[at]
            at += 1
            if argument.name is None or argument.has_value:
                found.append(argument)
                continue
            info = self.find(argument.name)
            follower = arguments[at] if at < len(arguments) else None
            if info is not None and info.is_switch:
                found.append(Argument(argument.name, SwitchParameter(is_present=True)))
            elif follower is not None and follower.name is None:
                found.append(Argument(argument.name, follower.value, text=follower.text))
                at += 1
            elif info is None:
                found.append(argument)
            else:
                kind = net.full_type_name(info.type_name)
                raise bind_error(self.processor, "MissingArgument", info.name, kind)
        return found

    def _bind_named(self, arguments: list[Argument]) -> list[Argument]:
        left: list[Argument] = []
        explicit: set[str] = set()
        if self.processor.runspace.language != "5.1":
            named = (self.find(a.name) for a in arguments if a.name is not None and not a.splatted)
            explicit = {info.name for info in named if info is not None}
        for argument in arguments:
            info = self.find(argument.name) if argument.name is not None else None
            if info is None:
                left.append(argument)
                continue
            if argument.splatted and info.name in explicit:
                continue
            if info.name in self.values or info.name in self.delayed:
                raise bind_error(self.processor, "ParameterAlreadyBound", info.name)
            self.bind(info, argument.value, argument.text)
        return left

    def bind(self, info: ParameterInfo, value: Any, text: str | None = None) -> None:
        """Convert, validate and keep a value; narrows the parameter sets. ``text`` is how a number was written."""
        block = net.unwrap(value)
        if isinstance(block, ScriptBlock) and self._delays(info):
            self.delayed[info.name] = (info, block)
            self.sets.narrow(info)
            return
        if text is not None and net.full_type_name(info.type_name) in {"System.String", "System.String[]"}:
            value = text
        self.values[info.name] = bind_value(self.processor, info, value)
        self.sets.narrow(info)

    def _delays(self, info: ParameterInfo) -> bool:
        """Say whether a script block waits for each object of the pipeline: the parameter takes input, but no blocks."""
        wanted = net.full_type_name(info.type_name)
        return (
            self.processor.expecting_input
            and wanted not in _TAKE_BLOCKS
            and any(entry.by_value or entry.by_name for entry in info.entries())
        )

    def _bind_positional(self, arguments: list[Argument]) -> list[Argument]:
        values = [argument for argument in arguments if argument.name is None]
        if not values:
            return arguments
        for at, position in enumerate(self.sets.positions(self)):
            if at >= len(values):
                break
            argument = values[at]
            if not self._bind_at(position, argument):
                break
            arguments = [other for other in arguments if other is not argument]
        return arguments

    def _bind_at(self, position: int, argument: Argument) -> bool:
        """Bind a value to the parameter at a position: first without conversion, default set first."""
        tries = self.sets.at_position(self, position)
        if not tries:
            return False
        if len(tries) > 1:
            for info in tries:
                if fits(info, argument.value) and self._bound_if_valid(info, argument):
                    return True
        for number, info in enumerate(tries):
            try:
                self.bind(info, argument.value, argument.text)
            except ScriptError:
                if number == len(tries) - 1:
                    raise
            else:
                return True
        return False

    def _bound_if_valid(self, info: ParameterInfo, argument: Argument) -> bool:
        """Bind a value that fits; a validation that refuses it leaves it to another parameter of the position."""
        try:
            self.bind(info, argument.value, argument.text)
        except ScriptError:
            return False
        return True

    def _bind_remaining(self, arguments: list[Argument]) -> list[Argument]:
        if not arguments:
            return arguments
        taker = next(
            (
                info
                for info in self.meta.parameters.values()
                if info.name not in self.values and (entry := self.sets.entry(info)) and entry.remaining
            ),
            None,
        )
        if taker is None:
            return arguments
        items: list[Any] = []
        for argument in arguments:
            if argument.name is not None:
                items.append(f"-{argument.name}:" if argument.colon else f"-{argument.name}")
            if argument.has_value:
                items.append(argument.value)
        whole: Any = GenericList(items, "System.Object")
        if len(items) == 1 and self.processor.runspace.language != "5.1":
            alone = net.enumerate_collection(items[0])
            whole = whole if alone is None else items[0]
        self.bind(taker, whole)
        return []

    def _bind_default_values(self) -> None:
        """Apply $PSDefaultParameterValues."""
        if not self.meta.advanced:
            return
        for pattern, value in self.processor.default_parameter_values():
            info = self.find(pattern)
            if info is None or info.name in self.values or not self.sets.allows(info):
                continue
            made = self.processor.default_value(value)
            if made is not MISSING:
                self.bind(info, made)
                self.from_defaults.add(info.name)

    def _refuse_known(self, name: str) -> None:
        """Refuse loudly a parameter that Windows PowerShell's own cmdlet has and the simulated one has not."""
        known = inbox.command(self.processor.command.name) if self.processor.command.spec is not None else None
        if known is None:
            return
        found = next((each for each in known.parameters if each.lower().startswith(name.lower())), None)
        if found is not None:
            raise net.unsupported(f"{known.name} -{found}", self.processor.line)

    def _refuse(self, left: list[Argument]) -> None:
        """Raise the error for the first argument that nothing takes."""
        if not left:
            return
        first = left[0]
        if first.name is not None:
            self._refuse_known(first.name)
            raise bind_error(self.processor, "NamedParameterNotFound", first.name)
        shown = net.to_string(first.value)
        raise bind_error(self.processor, "PositionalParameterNotFound", shown)
