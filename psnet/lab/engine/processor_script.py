"""The processor of functions, filters, scripts and script blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.values import Array, DotNetError, EnumValue
from psnet.powershell.syntax.ast import TypeDefinition

from . import net
from .arguments import Argument, flatten
from .bind_pipeline import PipelineBinder
from .binder import Binder
from .faults import script_error
from .flow import ReturnJump, ScriptError
from .frame import Frame
from .metadata_script import attach_variable, metadata_of
from .processor import NOTHING, CommandProcessor
from .pscmdlet import BoundParameters, PSCmdlet
from .scope import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.powershell.syntax import ast

    from .commands import CommandInfo
    from .extent import Extent
    from .scriptblock import ScriptBlock

_KEPT = ("_", "input", "args", "psitem", "this")


class ScriptProcessor(CommandProcessor):
    """Runs a script block as a command. ``dotted`` runs it in the caller's scope."""

    pipeline: PipelineBinder | None = None
    binder: Binder

    def __init__(
        self,
        command: CommandInfo,
        caller: Frame,
        extent: Extent | None,
        name: str,
        block: ScriptBlock,
        *,
        dotted: bool = False,
    ) -> None:
        super().__init__(command, caller, extent, name)
        self.block = block
        self.dotted = dotted
        self.state = block.state or caller.state
        self.scope = self.state.current if dotted else Scope(self.state.current, self.state)
        if block.file_level and not dotted:
            self.scope.is_script = True
        self.input: list[Any] = []
        self.meta = metadata_of(block, self)
        self.saved: dict[str, Any] = {}
        self.fixed_this: Any = NOTHING

    @property
    def parameter_set(self) -> str:
        """Name of the parameter set in use."""
        return self.binder.sets.chosen

    @property
    def owns_scope(self) -> bool:
        """Whether its code runs in a scope of its own, not in its caller's."""
        return not self.dotted

    def variable(self, name: str) -> Any:
        """Return a variable as the function itself sees it."""
        return self.scope.value(name.lower())

    # -- binding ----------------------------------------------------------------------------------

    def prepare(self, arguments: list[Argument]) -> None:
        """Bind the command line and make the scope's variables."""
        self.frame = Frame(
            self.runspace,
            self.scope,
            self.state,
            self.write,
            self.streams,
            self.block.source,
            processor=self,
            parent=self.caller,
        )
        dynamic: Mapping[str, Any] = {}
        if self.block.body.dynamicparam is not None:
            from .dynamic_parameters import with_dynamic  # noqa: PLC0415 - few functions have them

            self.meta, dynamic = with_dynamic(self, arguments)
        self.binder = Binder(self, self.meta)
        self.binder.bind_command_line(arguments, expecting_input=self.expecting_input)
        self.bound = self.binder.values
        for name, parameter in dynamic.items():
            if name in self.bound:
                parameter.value, parameter.is_set = self.bound[name], True
        self.invocation.unbound = flatten(self.binder.rest)
        self.invocation.expecting_input = self.expecting_input
        self.adopt_common()
        self.frame.streams = self.streams
        if self.dotted:
            self.saved = {name: self.scope.variables.get(name) for name in _KEPT}
        self.put_variables()

    def put_variables(self) -> None:
        """Make the scope's variables of what is bound."""
        table = BoundParameters(self.binder.values)
        self.invocation.bound = table
        put = self.scope.put
        inline = self.dotted and not self.block.file_level
        if not inline:
            put("PSBoundParameters", table)
            put("MyInvocation", self.invocation)
        if self.block.source.file and not inline:
            from .records import parent_of  # noqa: PLC0415 - one helper

            put("PSCommandPath", self.block.source.file)
            put("PSScriptRoot", parent_of(self.block.source.file))
        if self.fixed_this is not NOTHING:
            put("_", self.fixed_this)
        if self.meta.advanced:
            put("PSCmdlet", PSCmdlet(self))
            self._put_preferences()
        else:
            put("args", Array(flatten(self.binder.rest)))
        self._put_parameters()

    def _put_parameters(self) -> None:
        with self.frame.entered():
            for parameter in self.block.all_parameters():
                attach_variable(self.frame, self.meta, parameter, self.bound)

    def _put_preferences(self) -> None:
        """Common parameters become preference variables of the function's scope."""
        put = self.scope.put
        for parameter, variable in (
            ("ErrorAction", "ErrorActionPreference"),
            ("WarningAction", "WarningPreference"),
            ("InformationAction", "InformationPreference"),
        ):
            if parameter in self.bound:
                put(variable, self.bound[parameter])
        for parameter, on in (("Verbose", "Continue"), ("Debug", "Inquire")):
            if parameter in self.bound:
                if parameter == "Debug" and self.runspace.language != "5.1":
                    on = "Continue"
                put(
                    f"{parameter}Preference",
                    net.preference_value(on if self.bound.switch(parameter) else "SilentlyContinue"),
                )
        if "WhatIf" in self.bound:
            put("WhatIfPreference", self.bound.switch("WhatIf"))
        if "Confirm" in self.bound:
            word, number = ("Low", 1) if self.bound.switch("Confirm") else ("None", 0)
            put("ConfirmPreference", EnumValue("System.Management.Automation.ConfirmImpact", word, number))

    # -- life -------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Run the begin block."""
        if self.begun:
            return
        self.begun = True
        if self.block.body.begin is not None:
            self._run(self.block.body.begin, [])

    def process(self, value: Any) -> None:
        """Run the process block for a record, or keep the record for $input."""
        self.begin()
        body = self.block.body
        if value is NOTHING:
            if body.process is not None:
                self._set_this(None)
                self._run(body.process, [])
            return
        if self.meta.advanced:
            if self.pipeline is None:
                self.pipeline = PipelineBinder(self.binder)
            try:
                with self.frame.entered():
                    self.pipeline.bind(value)
            except ScriptError as refused:
                if refused.stopping:
                    raise
                refused.record.target = value
                self.write_error(refused.record)
                return
            self._rebind()
        if body.process is not None:
            self._set_this(value)
            self._run(body.process, [value])
        else:
            self.input.append(value)

    def _set_this(self, value: Any) -> None:
        if self.fixed_this is NOTHING:
            self.scope.put("_", value)

    def _rebind(self) -> None:
        """Set the variables of parameters that came from the pipeline; others get their defaults again."""
        with self.frame.entered():
            for parameter in self.block.all_parameters():
                info = self.meta.parameters.get(parameter.variable.path.lower()) if parameter.variable else None
                if info is not None and any(e.by_value or e.by_name for e in info.entries()):
                    attach_variable(self.frame, self.meta, parameter, self.bound)
        self.scope.put("PSBoundParameters", BoundParameters(self.binder.values))

    def end(self) -> None:
        """Run the end block."""
        self.begin()
        body = self.block.body
        if body.end_block is not None:
            self._run(body.end_block, self.input)

    def close(self) -> None:
        """Give a dotted scope its own $_ and $args back."""
        for name, variable in self.saved.items():
            if variable is None:
                self.scope.variables.pop(name, None)
            else:
                self.scope.variables[name] = variable
        self.saved = {}

    def _define_types(self, part: ast.NamedBlock) -> None:
        """Define the classes of a text before it runs."""
        if any(type(node) is TypeDefinition for node in part.statements):
            from .classes import define  # noqa: PLC0415 - cycle

            define(self.frame, part.statements)

    def _run(self, part: ast.NamedBlock, items: list[Any]) -> None:
        frame = self.frame
        self.scope.put("input", net.enumerator(items))
        if self.block.file_level or self.dotted:
            self._define_types(part)
        with frame.entered(), self.runspace.deeper(frame):
            try:
                frame.run(part.statements, part.traps)
            except ReturnJump:
                return
            except ScriptError as error:
                self.keep_terminating(error)
                raise
            except DotNetError as thrown:
                failed = script_error(frame, thrown)
                self.keep_terminating(failed)
                raise failed from thrown
