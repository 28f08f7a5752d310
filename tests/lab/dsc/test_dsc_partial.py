"""Partial configurations: published or pulled one by one, applied as one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from dsc_lab import FOOTER, Session, document, held, lab_host, meta, setting
from tiny_pull import KEY, package, serving

from psnet.lab.labhost import LabHost

if TYPE_CHECKING:
    from pathlib import Path


def partial(name: str, more: str = "", mode: str = "Push") -> str:
    return (
        f'instance of MSFT_PartialConfiguration as ${name} {{ ResourceId = "[PartialConfiguration]{name}"; '
        f'RefreshMode = "{mode}"; {more} }};\n'
    )


def named(name: str, *resources: str) -> bytes:
    return document(*resources, footer=FOOTER.replace('Name="Demo"', f'Name="{name}"'))


def two(more: str = "") -> Session:
    host = lab_host()
    host.lcm.send_settings(meta("PartialConfigurations = {$Base, $Web};", partial("Base"), partial("Web", more)))
    return Session(host)


def publish(session: Session, data: bytes) -> list[str]:
    session.host.files.make_folders("C:\\mof")
    session.host.files.write("C:\\mof\\localhost.mof", data)
    session.run("Publish-DscConfiguration -Path C:\\mof")
    return session.errors


def test_published_parts_are_applied_as_one_though_their_aliases_are_the_same() -> None:
    session = two()
    assert publish(session, named("Base", setting("a"))) == []
    assert publish(session, named("Web", setting("b"))) == []
    assert (held(session.host, "a"), session.host.lcm.state) == (None, "Idle")
    session.run("Start-DscConfiguration -UseExisting -Wait")
    assert (session.errors, held(session.host, "a"), held(session.host, "b")) == ([], "on", "on")
    assert session.run("(Get-DscConfigurationStatus).NumberOfResources; Test-DscConfiguration") == [2, "True"]
    assert publish(session, named("Web", setting("c"))) == []
    session.run("Start-DscConfiguration -UseExisting -Wait")
    assert session.run("(Get-DscConfiguration).ResourceId") == ["[LabSetting]a", "[LabSetting]c"]


def test_a_part_waits_for_the_one_that_it_depends_on() -> None:
    session = two('DependsOn = {"[PartialConfiguration]Base"};')
    publish(session, named("Web", setting("b")))
    session.run("Start-DscConfiguration -UseExisting -Wait")
    assert session.errors == ["Lab.NoPartialConfiguration"]
    publish(session, named("Base", setting("a")))
    session.run("Start-DscConfiguration -UseExisting -Wait")
    assert (session.errors, held(session.host, "b")) == ([], "on")


@pytest.mark.parametrize(
    ("parts", "more", "error"),
    [
        ([("Other", "a")], "", "PartialConfigurationUndefined"),
        ([("Base", "a"), ("Web", "a")], "", "DuplicateResourceId"),
        ([("Base", "a"), ("Web", "b")], 'ExclusiveResources = {"LabSetting"};', "ExclusiveResource"),
        ([("Base", "a"), ("Web", "b")], 'ExclusiveResources = {"LabDemo\\\\*"};', "ExclusiveResource"),
        ([("Base", "a"), ("Web", "b")], 'ExclusiveResources = {"Other\\\\LabSetting"};', None),
    ],
)
def test_what_parts_may_hold(parts: list[tuple[str, str]], more: str, error: str | None) -> None:
    session = two(more)
    errors = [each for name, resource in parts for each in publish(session, named(name, setting(resource)))]
    if not errors:
        session.run("Start-DscConfiguration -UseExisting -Wait")
        errors = session.errors
    assert errors == ([f"Lab.{error}"] if error else [])


def test_a_host_of_parts_takes_no_whole_document() -> None:
    session = two()
    session.push(named("Base", setting("a")))
    assert session.errors == ["Lab.PartialConfigurationNotPublished"]


def test_parts_are_pulled_from_their_repository(tmp_path: Path) -> None:
    with serving(tmp_path, dt.timedelta(days=1)) as tiny:
        tiny.configurations = {"Base": named("Base", setting("a")), "Web": named("Web", setting("b"))}
        tiny.modules["LabDemo", "1.2.0"] = package()
        host = LabHost("web01", "2022")
        host.lcm.certificates.trust(tiny.ca)
        source = 'ConfigurationSource = {"[ConfigurationRepositoryWeb]Main"};'
        repository = (
            'instance of MSFT_WebDownloadManager as $D1 { ResourceID = "[ConfigurationRepositoryWeb]Main"; '
            f'ServerURL = "{tiny.url}"; RegistrationKey = "{KEY}"; ConfigurationNames = {{"Base", "Web"}}; }};\n'
        )
        parts = [partial(name, source, "Pull") for name in ("Base", "Web")]
        lists = "ConfigurationDownloadManagers = {$D1}; PartialConfigurations = {$Base, $Web};"
        host.lcm.send_settings(meta(f'RefreshMode = "Pull"; {lists}', repository, *parts))
        assert host.lcm.update().number == 2
        assert (held(host, "a"), held(host, "b"), host.lcm.update()) == ("on", "on", None)
        tiny.configurations["Web"] = named("Web", setting("b", "new"))
        assert host.lcm.update().number == 2
        assert held(host, "b") == "new"
