"""Automatic variables and those that every session begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.binding import invocation_error
from psnet.lab.dotnet.errors import thrown
from psnet.lab.dotnet.objects import Guid, Native, Version
from psnet.lab.dotnet.types.misc import culture
from psnet.lab.values import AUTOMATION_NULL, Array, EnumValue, Hashtable, Member, PSObject
from psnet.powershell.facts.aliases import aliases_of

from . import net
from .records import property_member
from .scope import Variable

if TYPE_CHECKING:
    from .frame import Frame
    from .processor import CommandProcessor
    from .runspace import Runspace

_SMA: Final = "System.Management.Automation"
_PID: Final = 4242


#: The versions before 5.1 that both editions are compatible with.
_UP_TO_5: Final = tuple(Version(major, 0) for major in range(1, 6))


def populate(runspace: Runspace) -> None:
    """Fill a new session: preferences, constants, aliases."""
    scope = runspace.state.top
    modern = runspace.language != "5.1"
    preferences = {
        "ErrorActionPreference": "Continue",
        "WarningPreference": "Continue",
        "VerbosePreference": "SilentlyContinue",
        "DebugPreference": "SilentlyContinue",
        "InformationPreference": "SilentlyContinue",
        "ProgressPreference": "Continue",
    }
    for name, word in preferences.items():
        _variable(scope, name, net.preference_value(word))
    _variable(scope, "ConfirmPreference", EnumValue(f"{_SMA}.ConfirmImpact", "High", 3))
    _variable(scope, "WhatIfPreference", value=False)
    _variable(scope, "PSDefaultParameterValues", _default_parameters())
    _variable(
        scope, "OutputEncoding", Native("System.Text.ASCIIEncoding" if not modern else "System.Text.UTF8Encoding", {})
    )
    _variable(scope, "FormatEnumerationLimit", 4)
    _variable(scope, "MaximumHistoryCount", 4096)
    _variable(scope, "NestedPromptLevel", 0)
    _variable(scope, "ErrorView", "NormalView")
    _variable(scope, "PSEmailServer", "")
    _variable(scope, "PSSessionConfigurationName", "http://schemas.microsoft.com/powershell/Microsoft.PowerShell")
    constants = {
        "Error": runspace.errors,
        "PID": _PID,
        "Host": host_object(runspace),
        "HOME": runspace.environment_get("USERPROFILE"),
        "PSHOME": "C:\\Windows\\System32\\WindowsPowerShell\\v1.0"
        if not modern
        else "C:\\Program Files\\PowerShell\\7",
        "ShellId": "Microsoft.PowerShell",
        "PSVersionTable": version_table(runspace),
        "ExecutionContext": _execution_context(runspace),
        "true": True,
        "false": False,
    }
    if modern:
        constants |= {"IsWindows": True, "IsLinux": False, "IsMacOS": False, "IsCoreCLR": True, "PSEdition": "Core"}
    else:
        constants["PSEdition"] = "Desktop"
    for name, value in constants.items():
        _variable(scope, name, value).options = {"constant", "allscope"}
    scope.variables["error"].options = {"constant"}
    for name in ("PSCulture", "PSUICulture"):
        _variable(scope, name, runspace.host.culture)
    _variable(scope, "null", None).options = {"constant", "allscope"}
    for name, definition in aliases_of(runspace.language).items():
        info = runspace.alias(name, definition)
        if name in {"%", "?", "foreach", "where", "sort", "select"}:
            info.options = {"readonly", "allscope"}
        scope.aliases[name.lower()] = info


def _variable(scope: Any, name: str, value: Any) -> Variable:
    made = Variable(name, value)
    scope.variables[name.lower()] = made
    return made


def _default_parameters() -> Hashtable:
    class DefaultParameterDictionary(Hashtable):
        """DefaultParameterDictionary."""

        __slots__ = ()
        type_name = f"{_SMA}.DefaultParameterDictionary"

    return DefaultParameterDictionary()


def version_table(runspace: Runspace) -> Hashtable:
    """Return $PSVersionTable."""
    build, revision = _build(runspace)
    if runspace.language == "5.1":
        pairs: list[tuple[str, Any]] = [
            ("PSVersion", Version(5, 1, build, revision)),
            ("PSEdition", "Desktop"),
            (
                "PSCompatibleVersions",
                Array(
                    [
                        *_UP_TO_5,
                        Version(5, 1, build, revision),
                    ],
                    "System.Version",
                ),
            ),
            ("BuildVersion", Version(10, 0, build, revision)),
            ("CLRVersion", Version(4, 0, 30319, 42000)),
            ("WSManStackVersion", Version(3, 0)),
            ("PSRemotingProtocolVersion", Version(2, 3)),
            ("SerializationVersion", Version(1, 1, 0, 1)),
        ]
    else:
        from psnet.lab.dotnet.objects import SemanticVersion  # noqa: PLC0415 - 7 only

        pairs = [
            ("PSVersion", SemanticVersion(7, 4, 5)),
            ("PSEdition", "Core"),
            ("GitCommitId", "7.4.5"),
            ("OS", f"Microsoft Windows {runspace.host.version}"),
            ("Platform", "Win32NT"),
            (
                "PSCompatibleVersions",
                Array(
                    [
                        *_UP_TO_5,
                        Version(5, 1),
                        Version(6, 0),
                        Version(7, 0),
                    ],
                    "System.Version",
                ),
            ),
            ("PSRemotingProtocolVersion", Version(2, 3)),
            ("SerializationVersion", Version(1, 1, 0, 1)),
            ("WSManStackVersion", Version(3, 0)),
        ]
    table = Hashtable()
    for key, value in pairs:
        table[key] = value
    return table


def _build(runspace: Runspace) -> tuple[int, int]:
    parts = str(runspace.host.version).split(".")
    build = int(parts[2]) if len(parts) > 2 else 0
    return build, int(parts[3]) if len(parts) > 3 else int(getattr(runspace.host, "revision", 0) or 0)


def host_object(runspace: Runspace) -> PSObject:
    """Return $Host."""
    from .general.prompts import no_prompt  # noqa: PLC0415 - cmdlets need the engine

    modern = runspace.language != "5.1"
    build, revision = _build(runspace)
    own = culture(runspace.host.culture)

    def write(_: Any, arguments: list[Any]) -> Any:
        runspace.write_host(net.to_string(arguments[-1]) if arguments else "", newline=False)
        return AUTOMATION_NULL

    def write_line(_: Any, arguments: list[Any]) -> Any:
        runspace.write_host(net.to_string(arguments[-1]) if arguments else "")
        return AUTOMATION_NULL

    def write_error_line(_: Any, arguments: list[Any]) -> Any:
        runspace.write_host(net.to_string(arguments[-1]) if arguments else "", error=True)
        return AUTOMATION_NULL

    def set_exit(_: Any, arguments: list[Any]) -> Any:
        from .flow import ExitJump  # noqa: PLC0415 - jumps only

        raise ExitJump(int(net.convert(arguments[0], "System.Int32")))

    def refuse(name: str) -> Member:
        def asked(_: Any, arguments: list[Any]) -> Any:
            error = thrown(f"{_SMA}.PSInvalidOperationException", no_prompt(runspace.language))
            raise invocation_error(error, name, len(arguments))

        return Member(name, "Method", asked)

    ui = PSObject(
        [
            *(refuse(name) for name in ("Prompt", "PromptForChoice", "PromptForCredential", "ReadLine")),
            refuse("ReadLineAsSecureString"),
            Member("Write", "Method", write),
            Member("WriteLine", "Method", write_line),
            Member("WriteErrorLine", "Method", write_error_line),
            _not_simulated("RawUI"),
        ],
        (f"{_SMA}.Internal.Host.InternalHostUserInterface", "System.Object"),
    )
    shown = {
        "Name": "ConsoleHost",
        "Version": Version(7, 4, 5) if modern else Version(5, 1, build, revision),
        "InstanceId": Guid("0c2d7a5e-7d5c-4a53-9f0e-6f3b2f0a5c11"),
        "UI": ui,
        "CurrentCulture": own,
        "CurrentUICulture": own,
        "DebuggerEnabled": True,
        "IsRunspacePushed": False,
    }
    members = [Member(name, "Property", value=value) for name, value in shown.items()]
    members += [_not_simulated(name) for name in ("PrivateData", "Runspace")]
    members.append(Member("SetShouldExit", "Method", set_exit))
    return PSObject(
        members,
        (f"{_SMA}.Internal.Host.InternalHost", f"{_SMA}.Host.PSHost", "System.Object"),
        to_string=f"{_SMA}.Internal.Host.InternalHost",
    )


def _not_simulated(name: str) -> Member:
    def refuse(_: Any) -> Any:
        raise net.unsupported(f"$Host's {name}")

    return Member(name, "Property", getter=refuse)


def _execution_context(runspace: Runspace) -> PSObject:
    def expand(_: Any, arguments: list[Any]) -> str:
        text = net.to_string(arguments[0]).replace("`", "``").replace('"', '`"')
        block = runspace.script_block(f'"{text}"')
        values = runspace.run_block(block, [], new_scope=False)
        return net.to_string(net.collapse(values))

    command = PSObject(
        [Member("ExpandString", "Method", expand)],
        (f"{_SMA}.CommandInvocationIntrinsics", "System.Object"),
    )
    members = [
        Member("InvokeCommand", "Property", value=command),
        property_member("SessionState", lambda _: session_state_object(runspace, None)),
        property_member("Host", lambda _: runspace.host_object()),
    ]
    return PSObject(members, (f"{_SMA}.EngineIntrinsics", "System.Object"))


def session_state_object(runspace: Runspace, processor: CommandProcessor | None) -> PSObject:
    """Return a SessionState with what scripts use of it: PSVariable, Path and LanguageMode."""
    scope = processor.caller_scope if processor is not None else runspace.state.current

    def get(_: Any, arguments: list[Any]) -> Any:
        found = scope.find(net.to_string(arguments[0]).lower())
        from .general.variables import variable_object  # noqa: PLC0415 - cycle

        return variable_object(found) if found is not None else None

    def get_value(_: Any, arguments: list[Any]) -> Any:
        return scope.value(net.to_string(arguments[0]).lower(), arguments[1] if len(arguments) > 1 else None)

    def set_(_: Any, arguments: list[Any]) -> Any:
        scope.set_local(net.to_string(arguments[0]), arguments[1])
        return AUTOMATION_NULL

    variables = PSObject(
        [
            Member("Get", "Method", get),
            Member("GetValue", "Method", get_value),
            Member("Set", "Method", set_),
        ],
        (f"{_SMA}.PSVariableIntrinsics", "System.Object"),
    )

    def unresolved(_: Any, arguments: list[Any]) -> str:
        return runspace.full_path(net.to_string(arguments[0]))

    path = PSObject(
        [
            Member("GetUnresolvedProviderPathFromPSPath", "Method", unresolved),
            property_member("CurrentLocation", lambda _: path_info(runspace)),
        ],
        (f"{_SMA}.PathIntrinsics", "System.Object"),
    )
    return PSObject(
        [
            Member("PSVariable", "Property", value=variables),
            Member("Path", "Property", value=path),
            Member("LanguageMode", "Property", value=EnumValue(f"{_SMA}.PSLanguageMode", "FullLanguage", 0)),
            property_member("Module", lambda _: scope.state.module),
        ],
        (f"{_SMA}.SessionState", "System.Object"),
    )


def path_info(runspace: Runspace) -> PSObject:
    """Return the current folder as a PathInfo."""
    shown = {"Drive": None, "Provider": None, "ProviderPath": runspace.folder, "Path": runspace.folder}
    made = PSObject.of(shown, f"{_SMA}.PathInfo", "System.Object", kind="Property")
    made.to_string = runspace.folder
    return made


def automatic_value(runspace: Runspace, name: str, frame: Frame) -> Any:
    """Return an automatic variable that stands in no scope."""
    if name == "pwd":
        return path_info(runspace)
    if name == "lastexitcode":
        return net.MISSING if runspace.last_exit_code is None else runspace.last_exit_code
    if name in {"psscriptroot", "pscommandpath"}:
        return ""
    if name == "stacktrace":
        return ""
    if name == "myinvocation" and frame.processor is not None:
        return frame.processor.invocation
    if name in {"args", "input"}:
        return Array([]) if name == "args" else net.enumerator([])
    return net.MISSING
