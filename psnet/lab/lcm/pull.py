"""Pulling: what the servers have for the node is fetched, applied and reported.

The order: GetDscAction with the checksums of what the node has; the document, when the server says so; the modules
that it names and the node lacks; the run; the report.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.refusal import HostRefusal
from psnet.lab.lcm import partial, store
from psnet.lab.lcm.document import parse_document
from psnet.lab.lcm.model import error_text
from psnet.lab.lcm.modules import ANY, find_module
from psnet.lab.lcm.packages import install
from psnet.lab.lcm.protocol import Client
from psnet.lab.lcm.refusals import failed, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.lcm.core import Core
    from psnet.lab.lcm.model import ResourceRun, Run
    from psnet.lab.lcm.operation_output import OperationOutput
    from psnet.lab.lcm.settings import Manager, Settings

log = logging.getLogger("psnet.lab.lcm")
CHECKSUMS: Final = "Checksums.mof"
_OWN: Final = "psdesiredstateconfiguration"


def register(lcm: Core, settings: Settings) -> None:
    """Register with every server that has a registration key; raises HostRefusal."""
    for name in ("ConfigurationDownloadManagers", "ResourceModuleManagers", "ReportManagers"):
        for manager in settings.listed(name):
            if manager.url:
                Client(lcm, manager).register()


def fetch(lcm: Core, talk: OperationOutput) -> bytes | None:
    """Return a new document from the server, its modules installed; None when there is nothing new.

    Raises HostRefusal, and then nothing is remembered of what was fetched.
    """
    settings = lcm.settings
    if settings.refresh != "pull":
        raise failed("The Local Configuration Manager is not in Pull mode; Update-DscConfiguration pulls.")
    wanted = dict(_partial_sources(settings)) or dict([_source(settings)])
    held, fresh = _checksums(lcm), dict[str, bytes]()
    for name, repository in wanted.items():
        client = Client(lcm, repository)
        word = client.action({name: held.get(name.lower(), "")})[name]
        talk.line("", f"The pull server answered {word} for the configuration {name}.")
        if word == "getconfiguration":
            fresh[name], held[name.lower()] = client.configuration(name)
            provide(lcm, settings, repository, fresh[name], talk)
    if fresh:
        lcm.files.write(CHECKSUMS, json.dumps(held).encode())
    if not fresh or not settings.listed("PartialConfigurations"):
        return next(iter(fresh.values()), None)
    for data in fresh.values():
        partial.save_document(lcm.files, settings, data)
    return partial.merged(lcm.files, settings)


def _partial_sources(settings: Settings) -> Iterator[tuple[str, Manager]]:
    """Yield the partial configurations that are pulled, with their repositories."""
    repositories = {item.resource_id.lower(): item for item in settings.listed("ConfigurationDownloadManagers")}
    for each in settings.listed("PartialConfigurations"):
        if str(each.values.get("RefreshMode") or settings["RefreshMode"]).lower() == "pull":
            source = repositories.get(str((each.values.get("ConfigurationSource") or [""])[0]).lower())
            if source is None or not source.url:
                raise refused("PullUnknown", f"{each.resource_id} has no ConfigurationRepositoryWeb to pull from.")
            yield each.name, source


def _source(settings: Settings) -> tuple[str, Manager]:
    """Return the name of the one configuration that the node pulls, and its repository."""
    web = [item for item in settings.listed("ConfigurationDownloadManagers") if item.url]
    if settings["ConfigurationID"] or not web:
        raise refused("PullUnknown", "The lab pulls by configuration name from a ConfigurationRepositoryWeb.")
    names = list(web[0].values.get("ConfigurationNames") or [])
    if len(web) != 1 or len(names) != 1:
        raise refused(
            "PullNames", "One repository with one configuration name is pulled without partial configurations."
        )
    return names[0], web[0]


def provide(lcm: Core, settings: Settings, repository: Manager, data: bytes, talk: OperationOutput) -> None:
    """Fetch the modules that a document names and the host lacks, or all of them with AllowModuleOverwrite."""
    sources = [item for item in settings.listed("ResourceModuleManagers") if item.url] or [repository]
    wanted = {(item.module, item.version) for item in parse_document(data).items if item.module.lower() != _OWN}
    for name, version in sorted(wanted):
        there = find_module(lcm.host.files, name, version) is not None
        if version == ANY or (there and not settings["AllowModuleOverWrite"]):
            continue
        package = Client(lcm, sources[0]).module(name, version)
        talk.line("DSCEngine", f"Module {name}_{version}.zip downloaded.")
        install(lcm.host.files, name, version, package)
        talk.line("DSCEngine", f"Resource {name} version {version} installed.")


def _checksums(lcm: Core) -> dict[str, str]:
    held = lcm.files.read(CHECKSUMS)
    current = lcm.files.read(store.CURRENT) or lcm.files.read(store.PENDING)
    return dict(json.loads(held)) if held is not None and current is not None else {}


def report(lcm: Core, run: Run) -> None:
    """Send a run to every report server; one that does not take it is in the log only."""
    for manager in lcm.settings.listed("ReportManagers"):
        try:
            Client(lcm, manager).report(_body(lcm, run))
        except HostRefusal as refusal:
            log.warning("%s: no report to %s: %s", lcm.host.name, manager.url, refusal.message)


def _body(lcm: Core, run: Run) -> dict[str, Any]:
    end = lcm.host.clock.now()
    errors = [json.dumps({"ErrorMessage": run.error, "ErrorSource": "/Lcm"})] if run.error else []
    return {
        "JobId": run.job_id.strip("{}"),
        "OperationType": run.type,
        "ReportFormatVersion": "2.0",
        "ConfigurationVersion": "2.0.0",
        "LCMVersion": "2.0",
        "NodeName": lcm.computer,
        "IpAddress": ";".join(_addresses(lcm)),
        "RefreshMode": run.mode,
        "Status": run.status,
        "StartTime": run.start.isoformat(),
        "EndTime": end.isoformat(),
        "RebootRequested": "True" if run.reboot else "False",
        "Errors": errors,
        "StatusData": [json.dumps(_status_data(lcm, run))],
        "AdditionalData": [
            {"Key": "OSVersion", "Value": json.dumps({"VersionString": lcm.host.version, "Platform": "Win32NT"})}
        ],
    }


def _addresses(lcm: Core) -> list[str]:
    return [str(item.ip) for adapter in lcm.host.links.adapters for item in adapter.addresses] + ["127.0.0.1"]


def _status_data(lcm: Core, run: Run) -> dict[str, Any]:
    """Return StatusData: texts throughout, lists of resources."""
    data: dict[str, Any] = {
        "StartDate": run.start.isoformat(),
        "IPV4Addresses": _addresses(lcm),
        "IPV6Addresses": ["::1"],
        "DurationInSeconds": str(round(run.seconds)),
        "JobID": run.job_id,
        "MetaData": run.meta_data,
        "RebootRequested": str(run.reboot),
        "Status": run.status,
        "LCMVersion": "2.0",
        "NumberOfResources": str(run.number),
        "Type": run.type,
        "HostName": lcm.computer,
        "MACAddresses": [adapter.mac for adapter in lcm.host.links.adapters],
        "Locale": lcm.host.culture,
        "Mode": run.mode,
    }
    for name, found in (("ResourcesInDesiredState", run.good), ("ResourcesNotInDesiredState", run.bad)):
        if found:
            data[name] = [_resource_data(item) for item in found]
    return data


def _resource_data(item: ResourceRun) -> dict[str, Any]:
    found: dict[str, Any] = {
        "SourceInfo": item.source_info,
        "ModuleName": item.module,
        "ModuleVersion": item.version,
        "DurationInSeconds": f"{item.seconds:.3f}",
        "InstanceName": item.instance_name,
        "StartDate": item.start.isoformat(),
        "ResourceName": item.friendly_name,
        "RebootRequested": str(item.reboot),
        "ResourceId": item.resource_id,
        "ConfigurationName": item.configuration,
        "InDesiredState": str(bool(item.in_desired_state)),
    }
    if item.error is not None:
        found["Error"] = error_text(item)
    return found
