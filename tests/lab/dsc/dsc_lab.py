"""A lab host with the small resource module of these tests, and documents for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.flow import PipelineFailed
from psnet.lab.engine.runspace import Runspace
from psnet.lab.engine.streams import Collector
from psnet.lab.labhost import LabHost

if TYPE_CHECKING:
    from collections.abc import Iterable

MODULES = Path(__file__).parent / "modules"
ROOT = "C:\\Program Files\\WindowsPowerShell\\Modules"
FOOTER = """instance of OMI_ConfigurationDocument
{
 Version="2.0.0"; MinimumCompatibleVersion = "1.0.0";
 CompatibleVersionAdditionalProperties= {"Omi_BaseResource:ConfigurationName"};
 Author="tester"; GenerationDate="11/25/2026 12:00:00"; GenerationHost="BUILD"; Name="Demo";
};
"""


def lab_host(os: str = "2022", name: str = "web01") -> LabHost:
    host = LabHost(name, os)
    install(host)
    return host


def install(host: LabHost, version: str = "1.2.0") -> None:
    for file in sorted(MODULES.rglob("*")):
        if file.is_file():
            parts = file.relative_to(MODULES / "LabDemo").parts
            text = file.read_text(encoding="utf-8").replace("'1.2.0'", f"'{version}'")
            host.files.write_text("\\".join((ROOT, "LabDemo", version, *parts)), text)


def setting(name: str, value: str = "on", *, alias: int = 1, depends: Iterable[str] = (), more: str = "") -> str:
    needed = ", ".join(f'"[LabSetting]{item}"' for item in depends)
    after = f" DependsOn = {{{needed}}};\n" if needed else ""
    return (
        f"instance of Lab_Setting as $Lab_Setting{alias}ref\n{{\n"
        f' ResourceID = "[LabSetting]{name}"; Name = "{name}"; Value = "{value}";\n{after}{more}\n'
        ' SourceInfo = "::1::1::LabSetting"; ModuleName = "LabDemo"; ModuleVersion = "1.2.0";\n'
        ' ConfigurationName = "Demo";\n};\n'
    )


def document(*resources: str, footer: str = FOOTER, encoding: str = "utf-16") -> bytes:
    """Return a document; ``utf-16`` has its byte-order mark."""
    return ("/*\n@TargetNode='localhost'\n*/\n" + "\n".join(resources) + footer).encode(encoding)


def simple(*names: str) -> bytes:
    return document(*(setting(name, alias=index) for index, name in enumerate(names, 1)))


def held(host: LabHost, name: str) -> str | None:
    entry = host.files.find(f"C:\\LabState\\{name}.txt")
    return None if entry is None else entry.data.decode("cp1252").strip()


class Session:
    """Scripts on a host, with what came of them."""

    def __init__(self, host: LabHost) -> None:
        self.host = host
        self.runspace = Runspace(host, registry=lab_registry(host))
        self.sink = Collector()

    def run(self, script: str) -> list[Any]:
        self.sink = Collector()
        self.runspace.invoke(script, [], self.sink)
        return self.sink.values

    @property
    def errors(self) -> list[str]:
        return [record.full_id for record in self.sink.errors]

    def failure(self, script: str) -> str:
        try:
            self.run(script)
        except PipelineFailed as failed:
            return failed.record.full_id
        raise AssertionError("the script succeeded")

    def push(self, data: bytes, more: str = "") -> list[Any]:
        self.host.files.make_folders("C:\\mof")
        self.host.files.write("C:\\mof\\localhost.mof", data)
        return self.run(f"Start-DscConfiguration -Path C:\\mof -Wait {more}")


META_FOOTER = """instance of OMI_ConfigurationDocument
{
 Version="2.0.0"; MinimumCompatibleVersion = "2.0.0";
 CompatibleVersionAdditionalProperties= { "MSFT_DSCMetaConfiguration:StatusRetentionTimeInDays" };
 Name="Lcm";
};
"""


def meta(settings: str, *managers: str, footer: str = META_FOOTER) -> bytes:
    """Return a meta-configuration with these settings and instances of managers."""
    body = f"instance of MSFT_DSCMetaConfiguration as $Settings1ref\n{{\n{settings}\n}};\n"
    return ("\n".join(managers) + body + footer).encode("utf-16")
