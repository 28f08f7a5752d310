"""The CIM instances that the Local Configuration Manager gives out.

Properties: MSFT_DSCMetaConfiguration.mof; Microsoft's pages about report data (StatusData) and TestConfiguration.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.numbers import make
from psnet.lab.lcm.model import error_text
from psnet.lab.lcm.settings import DEFAULTS, LISTS
from psnet.lab.lcm.values import CIM_INSTANCE, cim_instance
from psnet.lab.values import Array, DateTime, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from psnet.lab.lcm.check import Bound
    from psnet.lab.lcm.manager import Lcm
    from psnet.lab.lcm.model import ResourceRun, Run
    from psnet.lab.lcm.settings import Manager, Settings

_ZERO: Final = datetime(1, 1, 1, tzinfo=UTC)
LCM_VERSION: Final = "2.0"
_NUMBERS: Final = frozenset(
    {"ConfigurationModeFrequencyMins", "RefreshFrequencyMins", "StatusRetentionTimeInDays", "MaximumDownloadSizeMB"}
)


def moment(when: datetime) -> DateTime:
    """Return a time as CIM gives it: local, and the host's zone is UTC."""
    return DateTime((when - _ZERO) // timedelta(microseconds=1) * 10, 2)


def strings(values: Iterable[str]) -> Array:
    """Return a String[]."""
    return Array(list(values), "System.String")


def instances(values: Iterable[Any]) -> Array | None:
    """Return CimInstance[], null when there are none."""
    found = list(values)
    return Array(found, CIM_INSTANCE) if found else None


def resource_instance(run: ResourceRun) -> PSObject:
    """Return MSFT_ResourceInDesiredState or MSFT_ResourceNotInDesiredState."""
    kind = "MSFT_ResourceInDesiredState" if run.in_desired_state else "MSFT_ResourceNotInDesiredState"
    return cim_instance(
        kind,
        {
            "ConfigurationName": run.configuration,
            "DependsOn": strings(run.depends_on) if run.depends_on else None,
            "ModuleName": run.module,
            "ModuleVersion": run.version,
            "ResourceId": run.resource_id,
            "SourceInfo": run.source_info,
            "DurationInSeconds": run.seconds,
            "Error": error_text(run),
            "InDesiredState": run.in_desired_state,
            "InstanceName": run.instance_name,
            "RebootRequested": run.reboot,
            "ResourceName": run.friendly_name,
            "StartDate": moment(run.start),
        },
    )


def status_instance(lcm: Lcm, run: Run) -> PSObject:
    """Return MSFT_DSCConfigurationStatus."""
    addresses = [text for adapter in lcm.host.links.adapters for text in adapter_addresses(adapter)]
    return cim_instance(
        "MSFT_DSCConfigurationStatus",
        {
            "DurationInSeconds": make("System.UInt32", round(run.seconds)),
            "Error": run.error,
            "HostName": lcm.host.environment["COMPUTERNAME"],
            "IPV4Addresses": strings([*addresses, "127.0.0.1"]),
            "IPV6Addresses": strings(["::1"]),
            "JobID": run.job_id,
            "LCMVersion": LCM_VERSION,
            "Locale": lcm.host.culture,
            "MACAddresses": strings(adapter.mac for adapter in lcm.host.links.adapters),
            "MetaConfiguration": settings_instance(lcm, lcm.settings),
            "MetaData": run.meta_data,
            "Mode": run.mode,
            "NumberOfResources": make("System.UInt32", run.number),
            "RebootRequested": run.reboot,
            "ResourcesInDesiredState": instances(map(resource_instance, run.good)),
            "ResourcesNotInDesiredState": instances(map(resource_instance, run.bad)),
            "StartDate": moment(run.start),
            "Status": run.status,
            "Type": run.type,
        },
    )


def adapter_addresses(adapter: Any) -> list[str]:
    """Return an adapter's addresses as text."""
    return [str(getattr(item, "ip", item)) for item in adapter.addresses]


def settings_instance(lcm: Lcm, settings: Settings) -> PSObject:
    """Return MSFT_DSCMetaConfiguration with the state of the Local Configuration Manager."""
    values: dict[str, Any] = {}
    for name in DEFAULTS:
        held = settings[name]
        if name in _NUMBERS:
            held = make("System.UInt32", held)
        values[name] = strings(held) if isinstance(held, list) else held
    for name in LISTS:
        values[name] = Array([_manager(item) for item in settings.listed(name)], CIM_INSTANCE)
    values |= {
        "AgentId": lcm.agent_id,
        "Credential": None,
        "DownloadManagerCustomData": None,
        "DownloadManagerName": "",
        "LCMCompatibleVersions": strings(["1.0", "2.0"]),
        "LCMState": lcm.state,
        "LCMStateDetail": lcm.state_detail,
        "LCMVersion": LCM_VERSION,
    }
    return cim_instance("MSFT_DSCMetaConfiguration", dict(sorted(values.items())))


def _manager(item: Manager) -> PSObject:
    values: dict[str, Any] = {"ResourceId": item.resource_id, "SourceInfo": item.source_info}
    for name, held in item.values.items():
        if name == "RegistrationKey":
            values[name] = ""  # Windows gives no key back
        else:
            values[name] = strings(held) if isinstance(held, list) else held
    return cim_instance(item.class_name, values)


def current_instance(bound: Bound, found: Mapping[str, Any]) -> PSObject:
    """Return a resource as Get-DscConfiguration shows it."""
    item = bound.item
    return cim_instance(
        item.class_name,
        {
            "ConfigurationName": item.configuration,
            "DependsOn": strings(item.depends_on) if item.depends_on else None,
            "ModuleName": item.module,
            "ModuleVersion": bound.resource.module.version,
            "PsDscRunAsCredential": None,
            "ResourceId": item.resource_id,
            "SourceInfo": item.source_info,
            **found,
            "CimClassName": item.class_name,
        },
    )


def test_outputs(run: Run) -> dict[str, Any]:
    """Return what TestConfiguration gives back."""
    return {
        "InDesiredState": not run.bad and run.status == "Success",
        "ResourcesInDesiredState": instances(map(resource_instance, run.good)),
        "ResourcesNotInDesiredState": instances(map(resource_instance, run.bad)),
    }


def method_result(method: str, outputs: Mapping[str, Any], computer: str | None = None) -> PSObject:
    """Return a CimMethodResult of a method of MSFT_DSCLocalConfigurationManager that succeeded."""
    base = "Microsoft.Management.Infrastructure.CimMethodResult"
    values = {**outputs, "ReturnValue": make("System.UInt32", 0), "PSComputerName": computer}
    kinds = (f"{base}#MSFT_DSCLocalConfigurationManager#{method}", base, "System.Object")
    made = PSObject.of(values, *kinds, kind="Property")
    made.to_string = base
    return made
