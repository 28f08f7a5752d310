"""Single resources: found, run, and the checksums of what is served."""

from __future__ import annotations

import hashlib

import pytest
from dsc_lab import Session, held, install, lab_host, simple

ON = "@{ Name = 'a'; Value = 'on'; Ports = 80, '443' }"
CALL = "Invoke-DscResource -Name LabSetting -ModuleName LabDemo -Method"


@pytest.fixture
def session() -> Session:
    return Session(lab_host())


def test_resources_are_listed_with_their_properties(session: Session) -> None:
    script = "$r = Get-DscResource Lab*; $r.Name; $r.ModuleName; [string] $r.Version; $r.ResourceType; "
    assert session.run(f"{script} [string] $r.ImplementedAs") == [
        "LabSetting",
        "LabDemo",
        "1.2.0",
        "Lab_Setting",
        "PowerShell",
    ]
    shown = session.run("$r.Properties | ForEach-Object { '{0} {1} {2}' -f $_.Name, $_.PropertyType, $_.IsMandatory }")
    assert shown[:2] == ["Name [string] True", "Value [string] True"]
    assert "Ports [uint16[]] False" in shown
    assert not any(line.startswith("Length") for line in shown)
    install(session.host, "1.3.0")
    assert session.run("(Get-DscResource LabSetting).Count") == [2]
    chosen = "@{ ModuleName = 'LabDemo'; ModuleVersion = '1.3.0' }"
    assert session.run(f"(Get-DscResource -Module {chosen}).Name") == ["LabSetting"]
    session.run("Get-DscResource Nothing")
    assert session.errors == ["Lab.ResourceNotFound,Get-DscResource"]


def test_a_resource_is_run_by_itself(session: Session) -> None:
    assert session.run(f"({CALL} Test -Property {ON}).InDesiredState") == [False]
    assert session.run(f"({CALL} Set -Property {ON}).RebootRequired") == [False]
    assert held(session.host, "a") == "on|80+443"
    assert session.run(f"({CALL} Test -Property {ON}).InDesiredState; ({CALL} Get -Property {ON}).Length") == [True, 9]
    assert session.run("Get-DscConfigurationStatus") == []
    table = "@{ Name = 'b'; Value = 'x'; Pairs = @{ k = 'v' }; Mood = 'Reboot' }"
    assert session.run(f"({CALL} Set -Property {table}).RebootRequired") == [True]
    assert held(session.host, "b") == "x|k:v"


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ("@{ Name = 'a' }", "Lab.RequiredPropertyMissing"),
        ("@{ Name = 'a'; Value = 'b'; Colour = 'red' }", "Lab.UndefinedProperty"),
        ("@{ Name = 'a'; Value = 'b'; Length = 3 }", "Lab.UndefinedProperty"),
        ("@{ Name = 'a'; Value = 'b'; Ports = 'many' }", "Lab.TypeMismatch"),
        ("@{ Name = 'a'; Value = 'b'; Ensure = 'Perhaps' }", "Lab.ValueNotInMap"),
        ("@{ Name = 'a'; Value = 'b'; Account = 'me' }", "Lab.TypeMismatch"),
        ("@{ Name = 'a'; Value = 'b'; Mood = 'Throw' }", "ProviderOperationExecutionFailure"),
    ],
)
def test_properties_are_checked(session: Session, table: str, error: str) -> None:
    session.run(f"{CALL} Set -Property {table}")
    assert session.errors == [error]


def test_several_versions_need_a_choice(session: Session) -> None:
    install(session.host, "1.3.0")
    session.run(f"{CALL} Test -Property {ON}")
    assert session.errors == ["Lab.SeveralVersions"]
    chosen = CALL.replace("LabDemo", "@{ ModuleName = 'LabDemo'; ModuleVersion = '1.3.0' }")
    assert session.run(f"({chosen} Test -Property {ON}).InDesiredState") == [False]


def test_checksums_are_written_beside_documents_and_kept_unless_forced(session: Session) -> None:
    files, data = session.host.files, simple("a")
    files.make_folders("C:\\pull")
    for name in ("Base.mof", "LabDemo_1.2.0.zip", "notes.txt"):
        files.write(f"C:\\pull\\{name}", data)
    session.run("New-DscChecksum -Path C:\\pull")
    wanted = hashlib.sha256(data).hexdigest().upper().encode()
    assert files.read("C:\\pull\\Base.mof.checksum") == files.read("C:\\pull\\LabDemo_1.2.0.zip.checksum") == wanted
    assert files.find("C:\\pull\\notes.txt.checksum") is None
    files.write("C:\\pull\\Base.mof", b"changed")
    session.run("New-DscChecksum -Path C:\\pull")
    assert files.read("C:\\pull\\Base.mof.checksum") == wanted
    session.run("New-DscChecksum -Path C:\\pull\\Base.mof -Force")
    assert files.read("C:\\pull\\Base.mof.checksum") == hashlib.sha256(b"changed").hexdigest().upper().encode()
