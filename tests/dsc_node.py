"""A simulated node that runs the resources of PSNetDsc as the LCM does, beside what psnet pushes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.apply import apply_script
from psnet.container_host.target import observe_scope_of
from psnet.dsc.compile.site import instances_of
from psnet.dsc.resources import MODULE, module_files, module_version
from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.deep import run_deep
from psnet.lab.engine.execute import run_file
from psnet.lab.engine.runspace import Runspace
from psnet.lab.labhost import LabHost
from psnet.lab.values import Array, PSObject
from psnet.observe.read import observe_script, read_state
from psnet.planning import Plan, plan
from psnet.powershell import literal
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from psnet.dsc.resources import DscInstance
    from psnet.site import Site
    from psnet.state import HostState

MODULES = "C:\\Program Files\\WindowsPowerShell\\Modules"


class Recorder:
    """A sink that keeps everything."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.errors: list[Any] = []
        self.verbose_lines: list[str] = []
        self.warnings: list[str] = []

    def output(self, value: Any) -> None:
        self.values.append(value)

    def error(self, record: Any) -> None:
        self.errors.append(record)

    def verbose(self, text: str) -> None:
        self.verbose_lines.append(text)

    def warning(self, text: str) -> None:
        self.warnings.append(text)

    def debug(self, text: str) -> None: ...
    def information(self, record: Any) -> None: ...
    def progress(self, record: Any) -> None: ...
    def host_write(self, *words: Any) -> None: ...


class Node:
    """One host with PSNetDsc installed."""

    def __init__(self, os: str = "2022", *, docker: bool = False, language: str = "5.1", **options: Any) -> None:
        self.host = LabHost("h", os, docker=docker, **options)
        if docker:  # its own nat network would be the one that WinNAT allows
            self.host.hns.remove(self.host.hns.networks[0])
            assert self.host.docker is not None
            self.host.docker.networks.clear()
        self.folder = f"{MODULES}\\{MODULE}\\{module_version()}"
        for name, data in module_files().items():
            path = f"{self.folder}\\{name}".replace("/", "\\")
            self.host.files.make_folders(path.rsplit("\\", 1)[0])
            self.host.files.write(path, data)
        self.runspace = Runspace(self.host, registry=lab_registry(self.host), language=language)

    def run(self, text: str) -> Recorder:
        """Run a text in the session; what ends it is raised."""
        sink = Recorder()
        run_deep(lambda: self.runspace.invoke(text, sink=sink))
        return sink

    def call(self, verb: str, cls: str, properties: dict[str, Any], nulls: tuple[str, ...] = ()) -> Recorder:
        """Run Get-, Set- or Test-TargetResource of a class; ``nulls`` are parameters that are given as $null."""
        path = f"{self.folder}\\DSCResources\\{cls}\\{cls}.psm1"
        lines = [f"Import-Module -Name {literal(path)}", "$properties = @{}"]
        given = {name: value for name, value in properties.items() if value is not None}
        given |= dict.fromkeys(nulls)
        lines += [f"$properties[{literal(name)}] = {literal(value)}" for name, value in given.items()]
        lines.append(f"{cls}\\{verb}-TargetResource @properties -Verbose")
        done = self.run("\n".join(lines))
        assert not done.errors, [(item.full_id, str(item)) for item in done.errors]
        return done

    def get(self, instance: DscInstance) -> dict[str, Any]:
        """Run Get-TargetResource; return what it found by property."""
        keys = {item.name for item in instance.cls.properties if item.qualifier in ("Key", "Required")}
        given = {name: value for name, value in instance.properties.items() if name in keys | {"Backend"}}
        (found,) = self.call("Get", instance.cls.name, given).values
        return {str(key): plain(value) for key, value in found.items()}

    def test(self, instance: DscInstance, **changes: Any) -> bool:
        """Run Test-TargetResource."""
        (answer,) = self.call("Test", instance.cls.name, {**instance.properties, **changes}).values
        assert isinstance(answer, bool)
        return answer

    def set(self, instance: DscInstance, **changes: Any) -> None:
        """Run Set-TargetResource, which writes nothing."""
        assert self.call("Set", instance.cls.name, {**instance.properties, **changes}).values == []

    def observe(self, wanted: Site | None = None) -> HostState:
        """Return what psnet sees."""
        done = run_file(self.host, observe_script(observe_scope_of(wanted)), registry=lab_registry(self.host))
        assert not done.errors, done.stderr_text
        return read_state(done.stdout, "h")

    def plan(self, wanted: Site, state: HostState | None = None) -> Plan:
        """Return what psnet would change."""
        return plan(wanted, state or self.observe(wanted), host="h")

    def push(self, wanted: Site) -> None:
        """Do what psnet apply does."""
        done = run_file(self.host, apply_script(self.plan(wanted)), registry=lab_registry(self.host))
        assert not done.errors, done.stderr_text
        assert '"failed"' not in "".join(done.stdout), done.stdout

    def converge(self, data: dict[str, Any]) -> list[DscInstance]:
        """Do what the LCM does with a site's document; return the instances that it set."""
        done = []
        for instance in instances(data):
            if not self.test(instance):
                self.set(instance)
                done.append(instance)
        return done


def plain(value: Any) -> Any:
    """Return a value of the engine as Python's."""
    if isinstance(value, Array):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, PSObject) else value


def site(data: dict[str, Any]) -> Site:
    """Return a site from its data."""
    return source(data).for_host("h")


def source(data: dict[str, Any]) -> Any:
    """Return a site's source from its data."""
    import yaml

    return parse_site(yaml.safe_dump(data, allow_unicode=True))


def instances(data: dict[str, Any]) -> list[DscInstance]:
    """Return the DSC instances of a site, in the order of its document."""
    found = source(data)
    return instances_of(found.for_host("h"), found, "h")[0]


def compared(state: HostState) -> dict[str, Any]:
    """Return a state with each endpoint's policies by type, and names for ids.

    psnet makes an endpoint once with its policies, DSC again for each of them; who held the host last is left out.
    """
    plain = state.model_dump(exclude={"lease"})
    names = {item["id"].lower(): item["name"] for item in plain["endpoints"]}
    for endpoint in plain["endpoints"]:
        endpoint["policies"] = sorted(endpoint["policies"], key=lambda item: str(item["Type"]))
        endpoint["id"] = endpoint["name"]
    for listed in plain["policy_lists"]:
        listed["id"] = ""
        listed["endpoints"] = sorted(names.get(item.lower(), item) for item in listed["endpoints"])
    plain["endpoints"] = sorted(plain["endpoints"], key=lambda item: str(item["name"]))
    return plain
