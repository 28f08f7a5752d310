"""The services of a host: a list of plain entries, as the engine reads them, that can be started and stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.messages import text
from psnet.lab.host.refusal import HostRefusal

if TYPE_CHECKING:
    from collections.abc import Iterable

_EXCEPTION: Final = "Microsoft.PowerShell.Commands.ServiceCommandException"

# name, display name, status, start type, what it depends on, whether it is a driver.
# rule: hns-service, winrm-service
_SERVICES: Final = """\
BFE|Base Filtering Engine|Running|Automatic|RpcSs|
Dnscache|DNS Client|Running|Automatic||
EventLog|Windows Event Log|Running|Automatic||
HTTP|HTTP Service|Running|Manual||driver
hns|Host Network Service|Running|Manual|RpcSs,nsi,vfpext|
iphlpsvc|IP Helper|Running|Automatic|RpcSs|
LanmanServer|Server|Running|Automatic||
LanmanWorkstation|Workstation|Running|Automatic||
nsi|Network Store Interface Service|Running|Automatic||
mpssvc|Windows Defender Firewall|Running|Automatic|BFE|
RpcSs|Remote Procedure Call (RPC)|Running|Automatic||
Spooler|Print Spooler|Stopped|Disabled|RpcSs|
TermService|Remote Desktop Services|Running|Manual|RpcSs|
vfpext|Microsoft Azure VFP Switch Extension|Running|Manual||driver
vmcompute|Hyper-V Host Compute Service|Running|Manual||
W32Time|Windows Time|Running|Automatic||
Winmgmt|Windows Management Instrumentation|Running|Automatic|RpcSs|
winnat|Windows NAT Driver|Running|Manual||driver
WinRM|Windows Remote Management (WS-Management)|Running|Automatic|RPCSS,HTTP|"""
_DOCKER: Final = {
    "Name": "docker",
    "DisplayName": "Docker Engine",
    "Status": "Running",
    "StartType": "Automatic",
    "DependsOn": [],
    "IsDriver": False,
}

_CONTAINERD: Final = _DOCKER | {"Name": "containerd", "DisplayName": "containerd"}


class Services(list[dict[str, Any]]):
    """Entries with Name, DisplayName, Status, StartType, DependsOn and IsDriver; names ignore case.

    ``stuck`` are the lower-case names of those that do not stop when they are told to.
    """

    def __init__(self, entries: Iterable[dict[str, Any]] = (), culture: str = "en-US") -> None:
        super().__init__(entries)
        self.culture = culture
        self.stuck: set[str] = set()

    @classmethod
    def of_server(
        cls, culture: str = "en-US", *, docker: bool = False, containerd: bool = False, absent: Iterable[str] = ()
    ) -> Services:
        """Return those of a fresh container host; ``absent`` are names that this build has not."""
        gone = {name.lower() for name in absent}
        made = cls(culture=culture)
        for line in _SERVICES.splitlines():
            name, title, status, start, depends, driver = line.split("|")
            if name.lower() not in gone:
                made.append(
                    {
                        "Name": name,
                        "DisplayName": title,
                        "Status": status,
                        "StartType": start,
                        "DependsOn": depends.split(",") if depends else [],
                        "IsDriver": bool(driver),
                    }
                )
        if docker:
            made.append(_DOCKER | {"DependsOn": []})
        if containerd:
            made.append(_CONTAINERD | {"DependsOn": []})
        return made

    def find(self, name: str) -> dict[str, Any] | None:
        """Return a service by its name, or None."""
        return next((item for item in self if item["Name"].lower() == name.lower()), None)

    def running(self, name: str) -> bool:
        """Say whether a service is there and runs."""
        found = self.find(name)
        return found is not None and found["Status"] == "Running"

    def dependents(self, item: dict[str, Any], *, running: bool = False) -> list[dict[str, Any]]:
        """Return the services that need this one."""
        name = item["Name"].lower()
        found = [other for other in self if name in {need.lower() for need in other.get("DependsOn", ())}]
        return [other for other in found if not running or other["Status"] == "Running"]

    def start(self, item: dict[str, Any]) -> None:
        """Start a service and what it needs; a disabled one is refused."""
        if item["Status"] == "Running":
            return
        if item.get("StartType") == "Disabled":  # rule: service-disabled
            raise HostRefusal(
                "CouldNotStartService",
                text("service_cannot_open", self.culture, item["DisplayName"], item["Name"]),
                "OpenError",
                _EXCEPTION,
            )
        for need in item.get("DependsOn", ()):
            needed = self.find(need)
            if needed is not None:
                self.start(needed)
        item["Status"] = "Running"

    def stop(self, item: dict[str, Any], *, force: bool = False) -> list[dict[str, Any]]:
        """Stop a service, with ``force`` also those that need it; return all that stopped, it last."""
        above = self.dependents(item, running=True)
        if above and not force:  # rule: service-dependents
            raise HostRefusal(
                "ServiceHasDependentServices",
                text("service_dependents", self.culture, item["DisplayName"], item["Name"]),
                "InvalidOperation",
                _EXCEPTION,
            )
        if item["Name"].lower() in self.stuck:
            # rule: service-stop-failed
            raise HostRefusal(
                "StopServiceFailed",
                text("service_stop_failed", self.culture, item["DisplayName"], item["Name"]),
                "OpenError",
                _EXCEPTION,
            )
        stopped = [done for other in above for done in self.stop(other, force=True)]
        if item["Status"] == "Stopped":
            return stopped
        item["Status"] = "Stopped"
        return [*stopped, item]

    def boot(self) -> None:
        """Bring every service to where it is after a restart."""
        for item in self:
            item["Status"] = "Stopped" if item.get("StartType") == "Disabled" else "Running"

    def to_dict(self) -> list[dict[str, Any]]:
        """Return the entries as plain data."""
        return [dict(item) for item in self]
