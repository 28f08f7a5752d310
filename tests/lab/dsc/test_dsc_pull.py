"""Hosts that pull: registration, documents, modules and reports, from a strict small server and from psnet's own."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from dsc_lab import Session, held, meta, simple
from pydantic import SecretStr
from tiny_pull import KEY, Tiny, package, serving

from psnet.dsc.server import ServerFolder, running, self_signed
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.labhost import LabHost

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = dt.timedelta(days=1)


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Tiny]:
    with serving(tmp_path, DAY) as server:
        server.configurations["Base"] = simple("a")
        server.modules["LabDemo", "1.2.0"] = package()
        yield server


def pulling(url: str, key: str = KEY, name: str = "Base", more: str = "") -> bytes:
    """Return settings for a host that pulls, and reports to the same server."""
    shared = f'ServerURL = "{url}"; RegistrationKey = "{key}";'
    managers = (
        f'instance of MSFT_WebDownloadManager as $D1 {{ ResourceID = "[ConfigurationRepositoryWeb]Main"; {shared} '
        f'ConfigurationNames = {{"{name}"}}; }};\n'
        f'instance of MSFT_WebResourceManager as $R1 {{ ResourceID = "[ResourceRepositoryWeb]Main"; {shared} }};\n'
        f'instance of MSFT_WebReportManager as $P1 {{ ResourceID = "[ReportServerWeb]Main"; {shared} }};\n'
    )
    lists = "ConfigurationDownloadManagers = {$D1}; ResourceModuleManagers = {$R1}; ReportManagers = {$P1};"
    return meta(f'RefreshMode = "Pull"; {lists} {more}', managers)


def joined(tiny: Tiny, **changes: str) -> LabHost:
    host = LabHost("web01", "2022")
    host.lcm.certificates.trust(tiny.ca)
    host.lcm.send_settings(pulling(tiny.url, **changes))
    return host


def test_a_bare_host_pulls_its_document_and_the_module_and_reports(tiny: Tiny) -> None:
    host = joined(tiny)
    kinds = [each["RegistrationInformation"]["RegistrationMessageType"] for each in tiny.registered[host.lcm.agent_id]]
    assert kinds == ["ConfigurationRepository", "ResourceRepository", "ReportServer"]
    session = Session(host)
    session.run("Update-DscConfiguration -Wait")
    assert (session.errors, held(host, "a"), tiny.bad) == ([], "on", [])
    assert session.run("(Get-DscConfiguration).ModuleVersion") == ["1.2.0"]
    report = tiny.reports[-1]
    assert (report["OperationType"], report["Status"], report["RebootRequested"]) == ("Initial", "Success", "False")
    data = json.loads(report["StatusData"][0])
    assert [item["ResourceId"] for item in data["ResourcesInDesiredState"]] == ["[LabSetting]a"]
    assert (data["HostName"], data["NumberOfResources"], data["Mode"]) == ("WEB01", "1", "Pull")


def test_what_is_there_already_is_not_fetched_again(tiny: Tiny) -> None:
    host = joined(tiny)
    assert host.lcm.update() is not None
    tiny.log.clear()
    assert host.lcm.update() is None
    assert [line.rpartition("/")[2] for line in tiny.log] == ["GetDscAction"]
    tiny.configurations["Base"] = simple("a", "b")
    assert host.lcm.update() is not None
    assert not any("Modules" in line for line in tiny.log)
    assert held(host, "b") == "on"


def test_a_host_pulls_by_its_clock(tiny: Tiny) -> None:
    host = joined(tiny)
    host.clock.advance(29 * 60)
    assert host.lcm.tick() is None
    host.clock.advance(60)
    assert host.lcm.due()
    assert host.lcm.tick().type == "Initial"
    tiny.configurations.clear()
    host.clock.advance(30 * 60)
    assert host.lcm.tick().type == "Consistency"
    assert [each["OperationType"] for each in tiny.reports] == ["Initial", "Consistency"]


def test_a_wrong_key_registers_nothing_and_says_so(tiny: Tiny) -> None:
    with pytest.raises(HostRefusal) as refused:
        joined(tiny, key="another-key")
    assert refused.value.error_id.startswith("RegisterDscAgentUnsuccessful,")
    assert tiny.registered == {}


def test_a_server_that_the_host_does_not_trust_is_not_talked_to(tiny: Tiny) -> None:
    host = LabHost("web01", "2022")
    with pytest.raises(HostRefusal) as refused:
        host.lcm.send_settings(pulling(tiny.url))
    assert "SSLError" in refused.value.message
    assert tiny.log == []


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"spoil": True}, "ChecksumMismatch"),
        ({"modules": {}}, "PullAnswer"),
        ({"modules": {("LabDemo", "1.2.0"): package("1.2.1")}}, "DownloadedModuleInvalid"),
        ({"modules": {("LabDemo", "1.2.0"): b"no zip"}}, "DownloadedModuleInvalid"),
        ({"modules": {("LabDemo", "1.2.0"): package(**{"../evil.psm1": b""})}}, "DownloadedModuleInvalid"),
        ({"modules": {("LabDemo", "1.2.0"): package(**{"C:/evil.psm1": b""})}}, "DownloadedModuleInvalid"),
        ({"configurations": {"Base": b"no mof"}}, "InvalidMof"),
    ],
)
def test_what_the_server_gives_is_checked_before_anything_is_changed(
    tiny: Tiny, change: dict[str, object], name: str
) -> None:
    host = joined(tiny)
    for attribute, value in change.items():
        setattr(tiny, attribute, value)
    with pytest.raises(HostRefusal) as refused:
        host.lcm.update()
    assert refused.value.error_id == f"Lab.{name}"
    assert (held(host, "a"), host.lcm.state) == (None, "Idle")
    assert host.files.find("C:\\Program Files\\WindowsPowerShell\\Modules\\LabDemo") is None
    assert host.lcm.history.runs()[-1].status == "Failure"


def test_a_host_that_is_pushed_to_does_not_pull() -> None:
    session = Session(LabHost("web01", "2022"))
    session.run("Update-DscConfiguration -Wait")
    assert session.errors == ["MI RESULT 1"]


def test_pulling_from_psnets_own_server(tmp_path: Path) -> None:
    folder = ServerFolder(tmp_path / "pull")
    for name, data in (("configurations/Base.mof", simple("a", "b")), ("modules/LabDemo_1.2.0.zip", package())):
        (folder.path / name).parent.mkdir(parents=True)
        (folder.path / name).write_bytes(data)
    tls, authority = self_signed(folder.private, ["127.0.0.1"])
    folder.keys().add("lab", SecretStr(KEY))
    with running(folder.app(), tls) as url:
        host = LabHost("web01", "2019")
        host.lcm.certificates.trust(authority.read_text())
        host.lcm.send_settings(pulling(url))
        assert host.lcm.update().status == "Success"
        assert (held(host, "a"), host.lcm.update()) == ("on", None)
        reports = folder.keys().store.reports(host.lcm.agent_id.lower(), None)
    assert [item.body["Status"] for item in reports] == ["Success"]
