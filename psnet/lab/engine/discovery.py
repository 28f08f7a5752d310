"""Finding commands by name: aliases, functions, cmdlets, scripts."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from psnet.lab.contract.files import decode
from psnet.lab.dotnet.errors import make_exception
from psnet.lab.values import DotNetError, Member
from psnet.powershell.facts import world

from . import net
from .commands import CommandInfo
from .modules import ModuleInfo

if TYPE_CHECKING:
    from psnet.lab.contract.programs import Program

    from .cmdlet import Registry
    from .extent import Extent
    from .frame import Frame
    from .native_command import NativeProcessor
    from .processor import CommandProcessor
    from .processor_cmdlet import CmdletProcessor
    from .processor_script import ScriptProcessor
    from .scope import Scope, SessionState
    from .scriptblock import ScriptBlock


class Discovery:
    """Command lookup; part of ``Runspace``."""

    registry: Registry
    language: str
    host: Any
    modules: dict[str, ModuleInfo]

    def is_module(self, value: Any) -> bool:
        """Say whether a value is a module that code can run in."""
        return isinstance(value, ModuleInfo)

    def lookup_command(self, name: str, scope: Scope) -> CommandInfo | None:
        """Return the alias, function, cmdlet or script that a name means here, None when there is none."""
        key = name.lower()
        for each in scope.chain():
            alias = each.aliases.get(key)
            if alias is not None:
                alias.resolve = lambda name: self.lookup_command(name, scope)
                return alias
        prefix, colon, rest = key.partition(":")
        if colon and prefix in {"global", "script", "local", "private", "function"}:
            where = {"global": scope.global_scope(), "script": scope.script()}.get(prefix, scope)
            found = where.functions.get(rest) or (self.lookup_function(rest, scope) if prefix == "function" else None)
            if found is not None:
                return found
        found = self.lookup_function(key, scope)
        if found is not None:
            return found
        if "\\" in name and not name.startswith((".", "\\", "/")) and ":" not in name:
            module_name, _, command = name.rpartition("\\")
            qualified = self._in_module(module_name, command)
            if qualified is not None:
                return qualified
        spec = self.registry.find(name)
        if spec is not None and spec.only in {"", self.language}:
            return CommandInfo("Function" if spec.is_function else "Cmdlet", spec.name, spec=spec.of(self.language))
        program = self._program(key)
        if program is not None:
            return CommandInfo("Application", program.path.rsplit("\\", 1)[-1], path=program.path)
        return self._script(name) or self._known_program(key)

    def _program(self, key: str) -> Program | None:
        """Return a program by its name, where it is on PATH, or by its whole path."""
        programs: dict[str, Program] = getattr(self.host, "programs", {})
        found = programs.get(key.removesuffix(".exe"))
        if found is not None and found.on_path:
            return found
        return next((each for each in programs.values() if each.path.lower() == key.replace("/", "\\")), None)

    def _known_program(self, key: str) -> CommandInfo | None:
        """Return a program that every Windows has and that is not simulated; running it is refused."""
        folder, _, file = key.replace("/", "\\").rpartition("\\")
        stem = file.removesuffix(".exe").removesuffix(".com")
        if folder not in {"", "c:\\windows\\system32", "c:\\windows"} or stem not in world.programs():
            return None
        return CommandInfo("Application", f"{stem}.exe", path=f"C:\\Windows\\system32\\{stem}.exe")

    def lookup_function(self, key: str, scope: Scope) -> CommandInfo | None:
        """Return a function that is visible in a scope."""
        for each in scope.chain():
            found = each.functions.get(key)
            if found is not None:
                return found
        return None

    def _in_module(self, module_name: str, command: str) -> CommandInfo | None:
        module = self.modules.get(module_name.lower())
        if module is not None:
            return module.functions.get(command.lower()) or module.aliases.get(command.lower())
        spec = self.registry.find(command)
        if spec is not None and spec.module.lower() == module_name.lower():
            return CommandInfo("Function" if spec.is_function else "Cmdlet", spec.name, spec=spec.of(self.language))
        return None

    def registry_modules(self) -> list[str]:
        """Return the names of the modules that the registry's cmdlets belong to."""
        return sorted({spec.module for spec in self.registry.cmdlets.values()}, key=str.lower)

    def registry_module(self, name: str) -> ModuleInfo | None:
        """Return a module of the registry as Get-Module shows it, None when there is none of that name."""
        found = next((known for known in self.registry_modules() if known.lower() == name.lower()), None)
        if found is None:
            return None
        from .modules import new_state  # noqa: PLC0415 - rarely needed

        module = ModuleInfo(found, new_state(self))  # type: ignore[arg-type]
        module.explicit = True
        for label in ("Version", "Path", "ModuleBase", "Guid", "ModuleType"):
            module.members[label.lower()] = Member(label, "Property", getter=partial(_unknown, label, found))
        for key, spec in self.registry.cmdlets.items():
            if spec.module == found:
                kind = "Function" if spec.is_function else "Cmdlet"
                module.functions[key] = CommandInfo(kind, spec.name, spec=spec.of(self.language))
        return module

    def _script(self, name: str) -> CommandInfo | None:
        """Return a script file; one in the current folder needs its path."""
        if not any(mark in name for mark in "\\/"):
            return None
        path = self.full_path(name)  # type: ignore[attr-defined]
        for candidate in (path, f"{path}.ps1"):
            entry = self.host.files.find(candidate)
            if entry is not None and not entry.is_folder:
                if candidate.lower().endswith(".ps1"):
                    return self.script_command(self.host.files.real_path(candidate), decode(entry.data))
                return CommandInfo("Application", entry.name, path=candidate)
        return None

    def script_command(self, path: str, text: str) -> CommandInfo:
        """Return the command of a script file: it runs in its caller's session state, such as a module's."""
        block = self.script_block(text, None, path)  # type: ignore[attr-defined]
        block.state = None
        block.file_level = True
        name = path.replace("/", "\\").rsplit("\\", 1)[-1]
        return CommandInfo("ExternalScript", name, block=block, path=path)

    def find_command(self, name: str, frame: Frame, state: SessionState | None = None) -> CommandInfo:
        """Return a command with aliases followed; raises CommandNotFoundException."""
        scope = state.current if state is not None else frame.scope
        seen: set[str] = set()
        wanted = name
        while True:
            found = self.lookup_command(wanted, scope)
            if found is None and "-" not in wanted and "\\" not in wanted:
                found = self.lookup_command(f"Get-{wanted}", scope)
            if found is None:
                raise self.not_found(name)
            if found.kind != "Alias":
                return found
            wanted = found.definition
            if wanted.lower() in seen:
                raise self.not_found(name)
            seen.add(wanted.lower())

    def not_found(self, name: str) -> DotNetError:
        """Return CommandNotFoundException."""
        if self.language == "5.1":
            message = (
                f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable "
                "program. Check the spelling of the name, or if a path was included, verify that the path is correct "
                "and try again."
            )
        else:
            message = (
                f"The term '{name}' is not recognized as a name of a cmdlet, function, script file, or executable "
                "program.\nCheck the spelling of the name, or if a path was included, verify that the path is correct "
                "and try again."
            )
        kind = "System.Management.Automation.CommandNotFoundException"
        exception = make_exception(kind, message, CommandName=name)
        if "System.Management.Automation.RuntimeException" not in exception.type_names:
            exception.type_names.insert(1, "System.Management.Automation.RuntimeException")
        return DotNetError(exception, error_id="CommandNotFoundException", category="ObjectNotFound", target=name)

    def processor_for(
        self, frame: Frame, command: CommandInfo, extent: Extent | None, name: str, *, dotted: bool = False
    ) -> CommandProcessor:
        """Return the processor that runs a command."""
        cmdlet, native, script = _processors()
        if command.kind == "Alias":
            return self.processor_for(frame, self.find_command(command.name, frame), extent, name, dotted=dotted)
        if command.spec is not None:
            return cmdlet(command, frame, extent, name)
        if command.kind == "Application" and command.path in {each.path for each in self.host.programs.values()}:
            return native(command, frame, extent, name)
        if command.block is None:
            raise net.unsupported(f"the program {command.name}", extent.line if extent else None)
        block: ScriptBlock = command.block
        if command.kind == "Configuration":
            from .configurations import ConfigurationProcessor  # noqa: PLC0415 - few scripts have one

            return ConfigurationProcessor(command, frame, extent, name, block)
        return script(command, frame, extent, name, block, dotted=dotted)


@cache
def _processors() -> tuple[type[CmdletProcessor], type[NativeProcessor], type[ScriptProcessor]]:
    from .native_command import NativeProcessor  # noqa: PLC0415 - processors need runspaces
    from .processor_cmdlet import CmdletProcessor  # noqa: PLC0415 - processors need runspaces
    from .processor_script import ScriptProcessor  # noqa: PLC0415 - processors need runspaces

    return CmdletProcessor, NativeProcessor, ScriptProcessor


def _unknown(label: str, module: str, _: Any) -> Any:
    raise net.unsupported(f"the {label} of the module {module}")
