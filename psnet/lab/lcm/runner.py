"""Resources carried out: their functions run in sessions of their own on the host, as SYSTEM or as who is named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.engine import net
from psnet.lab.engine.flow import PipelineFailed
from psnet.lab.engine.invoke import PipelineCommand
from psnet.lab.engine.runspace import Runspace
from psnet.lab.engine.streams import Collector
from psnet.lab.values import EnumValue, Hashtable

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.engine.cmdlet import Registry
    from psnet.lab.engine.records import ErrorRecord
    from psnet.lab.host.model import Host
    from psnet.lab.lcm.check import Bound
    from psnet.lab.lcm.modules import ResourceClass
    from psnet.lab.lcm.operation_output import OperationOutput

_CONTINUE: Final = EnumValue("System.Management.Automation.ActionPreference", "Continue", 2)
_PROFILE: Final = "C:\\Windows\\system32\\config\\systemprofile"


class ResourceFailed(Exception):  # noqa: N818 - an event of a run, not an error of ours
    """A function of a resource failed; ``error`` is what the run's record keeps of it."""

    def __init__(self, message: str, error_id: str) -> None:
        super().__init__(message)
        self.error = {"Message": message, "FullyQualifiedErrorId": error_id, "Category": "InvalidOperation"}


class SystemHost:
    """The host as a process of SYSTEM sees it: the same, but for the environment."""

    def __init__(self, host: Host) -> None:
        self._host = host
        computer = host.environment["COMPUTERNAME"]
        modules = host.environment["PSModulePath"].split(";")
        self.environment = host.environment | {
            "USERNAME": f"{computer}$",
            "USERDOMAIN": "WORKGROUP",
            "USERPROFILE": _PROFILE,
            "APPDATA": f"{_PROFILE}\\AppData\\Roaming",
            "LOCALAPPDATA": f"{_PROFILE}\\AppData\\Local",
            "TEMP": "C:\\Windows\\Temp",
            "TMP": "C:\\Windows\\Temp",
            "PSModulePath": ";".join(item for item in modules if not item.lower().startswith("c:\\users\\")),
        }

    def __getattr__(self, name: str) -> Any:
        return getattr(self._host, name)


class UserHost(SystemHost):
    """The host as a process of one of its users sees it."""

    def __init__(self, host: Host, user: str) -> None:
        super().__init__(host)
        domain, _, name = user.rpartition("\\")
        profile = f"C:\\Users\\{name}"
        self.environment |= {
            "USERNAME": name,
            "USERDOMAIN": domain or host.environment["COMPUTERNAME"],
            "USERPROFILE": profile,
            "APPDATA": f"{profile}\\AppData\\Roaming",
            "LOCALAPPDATA": f"{profile}\\AppData\\Local",
        }


@dataclass(slots=True)
class _Sink(Collector):
    """Passes on what a resource says, and keeps its output and its errors."""

    talk: OperationOutput | None = None
    resource: str = ""

    def verbose(self, text: str) -> None:
        if self.talk is not None:
            self.talk.line(self.resource, text)

    def warning(self, text: str) -> None:
        if self.talk is not None:
            self.talk.warning(self.resource, text)


@dataclass(slots=True)
class Session:
    """A PowerShell session for all resources of an operation that run as the same user; modules are loaded once.

    ``registry`` returns the cmdlets of the host.
    """

    host: Host
    registry: Callable[[], Registry]
    talk: OperationOutput
    stop: Any = None
    _runspaces: dict[str, Runspace] = field(default_factory=dict, init=False)
    _loaded: set[tuple[str, str]] = field(default_factory=set, init=False)
    _user: str = field(default="", init=False)

    def test(self, bound: Bound) -> bool:
        """Return what Test-TargetResource says; raises ResourceFailed."""
        self._enter(bound)
        values = self._call(bound.resource, bound.item.resource_id, "Test", bound.values)
        if len(values) != 1 or not isinstance(net.unwrap(values[0]), bool):
            raise ResourceFailed(
                f"PowerShell DSC resource {bound.resource.class_name}  failed to execute Test-TargetResource "
                "functionality with error message: it did not return one Boolean.",
                "ProviderOperationExecutionFailure",
            )
        return bool(net.unwrap(values[0]))

    def change(self, bound: Bound) -> bool:
        """Run Set-TargetResource; return whether it asked for a reboot. Raises ResourceFailed."""
        self._enter(bound)
        self._call(bound.resource, bound.item.resource_id, "Set", bound.values)
        asked = net.unwrap(self._session().state.top.value("dscmachinestatus"))
        return isinstance(asked, int) and asked == 1

    def get(self, bound: Bound) -> dict[str, Any]:
        """Return what Get-TargetResource says, by the schema's names; raises ResourceFailed.

        It gets those of the document's values for which it has parameters.
        """
        self._enter(bound)
        resource = bound.resource
        taken = self._parameters(resource)
        given = {name: value for name, value in bound.values.items() if name.lower() in taken}
        values = self._call(resource, bound.item.resource_id, "Get", given)
        table = net.unwrap(values[0]) if len(values) == 1 else None
        if not isinstance(table, Hashtable):
            raise _not_gettable(resource, "it did not return one hashtable")
        declared = {
            prop.name.lower(): prop.name
            for cls in resource.schemas.classes.values()
            if cls.name.lower() == resource.class_name.lower()
            for prop in cls.properties
        }
        unknown = [str(key) for key in table.keys() if str(key).lower() not in declared]  # noqa: SIM118 - no dict
        if unknown:
            raise _not_gettable(resource, f"the schema has no property {unknown[0]}")
        return {name: table.get(lower) for lower, name in declared.items()}

    def _enter(self, bound: Bound) -> None:
        """Run what follows as a resource's user; raises ResourceFailed when the host does not know the password."""
        self._user = ""
        if bound.run_as is None:
            return
        user = bound.run_as.user_name
        domain, _, name = user.rpartition("\\")
        known = {"administrator": self.host.password, **self.host.accounts}
        local = domain.lower() in ("", ".", self.host.name.lower(), self.host.environment["COMPUTERNAME"].lower())
        secret = known.get(name.lower() if local else user.lower())
        if secret is None or secret != bound.run_as.password.secret:
            raise ResourceFailed("The user name or password is incorrect.", "ProviderOperationExecutionFailure")
        self._user = user

    def _session(self) -> Runspace:
        found = self._runspaces.get(self._user.lower())
        if found is None:
            host = UserHost(self.host, self._user) if self._user else SystemHost(self.host)
            found = self._runspaces[self._user.lower()] = Runspace(host, registry=self.registry())
            found.state.top.put("VerbosePreference", _CONTINUE)
        return found

    def _load(self, resource: ResourceClass, resource_id: str, function: str) -> None:
        if (self._user, resource.path) in self._loaded:
            return
        sink = self._invoke(resource, resource_id, function, "Import-Module", {"Name": resource.path})
        _raise_errors(resource_id, function, sink.errors)
        self._loaded.add((self._user, resource.path))

    def _parameters(self, resource: ResourceClass) -> set[str]:
        self._load(resource, resource.keyword.name, "Get-TargetResource")
        module = self._session().modules.get(resource.class_name.lower())
        command = module.functions.get("get-targetresource") if module is not None else None
        block = command.block if command is not None else None
        found = [item.variable for item in block.all_parameters()] if block is not None else []
        return {variable.path.lower() for variable in found if variable is not None}

    def _call(self, resource: ResourceClass, resource_id: str, verb: str, values: dict[str, Any]) -> list[Any]:
        function = f"{verb}-TargetResource"
        self._load(resource, resource_id, function)
        self._session().state.top.put("DSCMachineStatus", 0)
        sink = self._invoke(resource, resource_id, function, f"{resource.class_name}\\{function}", values)
        _raise_errors(resource_id, function, sink.errors)
        return sink.values

    def _invoke(
        self, resource: ResourceClass, resource_id: str, function: str, name: str, values: dict[str, Any]
    ) -> _Sink:
        sink = _Sink(talk=self.talk, resource=resource_id)
        command = PipelineCommand(name, parameters=tuple(values.items()))
        try:
            self._session().invoke([command], None, sink, self.stop)
        except PipelineFailed as failed:
            raise ResourceFailed(
                f"PowerShell DSC resource {resource.class_name}  failed to execute {function} functionality with "
                f"error message: {failed.record.text} ",
                "ProviderOperationExecutionFailure",
            ) from failed
        return sink


def _raise_errors(resource_id: str, function: str, errors: list[ErrorRecord]) -> None:
    if errors:
        raise ResourceFailed(
            f"The PowerShell DSC resource '{resource_id}' threw one or more non-terminating errors while running the "
            f"{function} functionality. These errors are logged to the ETW channel called "
            f"Microsoft-Windows-DSC/Operational. Refer to this channel for more details.",
            "NonTerminatingErrorFromProvider",
        )


def _not_gettable(resource: ResourceClass, why: str) -> ResourceFailed:
    return ResourceFailed(
        f"PowerShell DSC resource {resource.class_name}  failed to execute Get-TargetResource functionality with "
        f"error message: {why}.",
        "ProviderOperationExecutionFailure",
    )
