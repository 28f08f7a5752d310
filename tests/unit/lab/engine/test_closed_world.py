"""Nothing that a Windows has is "not recognized": every inbox command is simulated or refused, uncatchably."""

from __future__ import annotations

import re

import pytest
from sampling import every

from psnet.lab.cmdlets import lab_registry
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.execute import ExecResult, run_file
from psnet.lab.run import make_hosts
from psnet.powershell.facts import dotnet, inbox, world


def ran(script: str, language: str = "5.1") -> ExecResult:
    (host,) = make_hosts(["2022"])
    return run_file(host, script, [], language, registry=lab_registry(host))


def refused(script: str, language: str = "5.1") -> UnsupportedError:
    with pytest.raises(UnsupportedError) as caught:
        ran(script, language)
    return caught.value


def test_every_inbox_command_is_found_and_is_simulated_or_refused() -> None:
    (host,) = make_hosts(["2022"])
    registry = lab_registry(host)
    names = [each.name for each in inbox.commands().values() if each.kind != "alias"]
    assert len(names) > 1500
    for name in [*names, *world.server_commands()]:
        spec = registry.find(name)
        assert spec is not None, name


def test_refused_commands_cannot_be_caught_and_say_their_name_and_line() -> None:
    (host,) = make_hosts(["2022"])
    registry = lab_registry(host)
    names = sorted(spec.name for spec in registry.cmdlets.values() if spec.refused and not spec.only)
    assert len(names) > 800
    for name in names[::40]:
        error = refused(f"'before'\ntry {{ & '{name}' }} catch {{ 'caught' }}")
        assert (str(error), error.printed) == (f"unsupported: {name}, line 2", ["before"])


def test_get_command_finds_what_is_refused() -> None:
    result = ran("(Get-Command Get-BpaModel).Name; (Get-Command Get-WmiObject).CommandType; (Get-Command sc.exe).Name")
    assert result.stdout == ["Get-BpaModel", "Cmdlet", "sc.exe"]


CALLABLE = sorted(
    name
    for name in {*(each.name for each in inbox.commands().values() if each.kind != "alias"), *world.server_commands()}
    if re.fullmatch(r"[A-Za-z]+-\w+", name) and name not in {"Restart-Computer", "Stop-Computer", "Start-Sleep"}
)
#: What says that a command is not there, or that something in it is not.
MISSING = ("CommandNotFoundException", "TypeNotFound")


@pytest.mark.parametrize("part", every(24, range(24)))
def test_every_command_is_simulated_or_refused_by_its_name(part: int) -> None:
    for name in CALLABLE[part::24]:
        try:
            ids = ran(f"{name} -ErrorAction Stop").errors
        except UnsupportedError:
            continue
        assert not [each for each in ids if each.startswith(MISSING)], name


def test_get_command_finds_every_command() -> None:
    names = ",".join(f"'{name}'" for name in CALLABLE)
    assert ran(f"(Get-Command {names}).Count").stdout == [str(len(CALLABLE))]


@pytest.mark.parametrize("part", every(16, range(16)))
def test_every_type_of_the_class_library_is_found(part: int) -> None:
    names = sorted(name for name in dotnet.names() if re.fullmatch(r"[A-Za-z][\w.]*", name))[part::16]
    for name in names:
        try:
            found = ran(f"[{name}].FullName")
        except UnsupportedError:
            continue
        assert not found.errors, name


def test_what_only_7_has_is_missing_in_51() -> None:
    assert ran("try { Join-String } catch { $_.FullyQualifiedErrorId }").stdout == ["CommandNotFoundException"]
    assert str(refused("Join-String", "7")) == "unsupported: Join-String, line 1"


@pytest.mark.parametrize(
    ("script", "construct"),
    [
        ("& taskkill.exe /?", "the program taskkill.exe"),
        ("reg query HKLM\\x", "the program reg.exe"),
        ("Get-Item WSMan:\\localhost\\Plugin", "the plug-ins of WSMan:"),
        ("Get-ChildItem HKLM:\\SOFTWARE", "the path HKLM:\\SOFTWARE"),
        ("Test-Path Cert:\\LocalMachine\\CA", "the store Cert:\\LocalMachine\\CA"),
        ("[System.Foo.Bar]::X", "the type [System.Foo.Bar]"),
        ("[System.Net.HttpListener]::new()", "[System.Net.HttpListener]::new()"),
        ("(Get-Item C:\\Windows).CreationTimeUtc", "[System.IO.DirectoryInfo].CreationTimeUtc"),
        ("(1.5).ToString('C', [cultureinfo]'de-DE')", "currency in the culture de-DE"),
        ("[datetime]::Now.ToString('D', [cultureinfo]'ja-JP')", "dates in the culture ja-JP"),
        ("workflow w { 1 }", "workflow"),
        ("configuration c { Node 'x' { param($P) } }; c", "a param block in Node"),
    ],
)
def test_what_is_known_and_not_simulated_is_refused(script: str, construct: str) -> None:
    assert str(refused(f"try {{ {script} }} catch {{ 'caught' }}")) == f"unsupported: {construct}, line 1"


@pytest.mark.parametrize("script", ["[Nope.Type]", "New-Object Nope.Type", "[nope]'x'"])
def test_a_type_of_nobody_is_not_found(script: str) -> None:
    assert ran(f"try {{ {script} }} catch {{ $_.FullyQualifiedErrorId }}").stdout[0].startswith("TypeNotFound")
