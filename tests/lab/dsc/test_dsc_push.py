"""Configurations pushed to a lab host: what is applied, said, kept and reported."""

from __future__ import annotations

import pytest
from dsc_lab import Session, document, held, install, lab_host, setting, simple

from psnet.lab.labhost import LabHost

FOLDER = "C:\\Windows\\System32\\Configuration"


@pytest.fixture
def session() -> Session:
    return Session(lab_host())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig"])
def test_a_pushed_document_is_applied_tested_and_read_back(encoding: str) -> None:
    session = Session(lab_host())
    assert session.push(document(setting("a"), setting("b", "off", alias=2), encoding=encoding)) == []
    assert session.errors == []
    assert (held(session.host, "a"), held(session.host, "b")) == ("on", "off")
    assert session.run("Test-DscConfiguration") == ["True"]
    assert session.run("Get-DscConfiguration | ForEach-Object { $_.ResourceId, $_.Value, $_.Length }") == [
        "[LabSetting]a", "on", 2, "[LabSetting]b", "off", 3,
    ]  # fmt: skip


def test_the_verbose_lines_are_those_of_windows(session: Session) -> None:
    session.push(simple("a"), "-Verbose")
    head = "[WEB01]: LCM:  "
    lines = [line.split("  in ")[0].rstrip() for line in session.sink.verboses if line.startswith("[WEB01]")]
    assert [line for line in lines if "Performing" not in line] == [
        f"{head}[ Start  Set      ]",
        f"{head}[ Start  Resource ]  [[LabSetting]a]",
        f"{head}[ Start  Test     ]  [[LabSetting]a]",
        "[WEB01]:                            [[LabSetting]a] Testing setting a.",
        f"{head}[ End    Test     ]  [[LabSetting]a]",
        f"{head}[ Start  Set      ]  [[LabSetting]a]",
        "[WEB01]:                            [[LabSetting]a] Setting a.",
        f"{head}[ End    Set      ]  [[LabSetting]a]",
        f"{head}[ End    Resource ]  [[LabSetting]a]",
        f"{head}[ End    Set      ]",
        f"{head}[ End    Set      ]",
    ]
    session.push(simple("a"), "-Verbose")
    assert f"{head}[ Skip   Set      ]  [[LabSetting]a]" in session.sink.verboses


# Microsoft's table of states (WMF 5.0): resources S that succeed, F that fail, r that ask for a reboot.
@pytest.mark.parametrize(
    ("kinds", "state", "status", "reboot", "good", "bad"),
    [
        ("S", "Idle", "Success", False, "0", ""),
        ("F", "PendingConfiguration", "Failure", False, "", "0"),
        ("SF", "PendingConfiguration", "Failure", False, "0", "1"),
        ("FS", "PendingConfiguration", "Failure", False, "1", "0"),
        ("SFS", "PendingConfiguration", "Failure", False, "02", "1"),
        ("FSF", "PendingConfiguration", "Failure", False, "1", "02"),
        ("Sr", "PendingReboot", "Success", True, "0", "1"),
        ("Fr", "PendingReboot", "Failure", True, "", "01"),
        ("rS", "PendingReboot", "Success", True, "", "0"),
        ("rF", "PendingReboot", "Success", True, "", "0"),
    ],
)
def test_states_and_status_follow_the_documented_table(
    session: Session,
    kinds: str,
    state: str,
    status: str,
    reboot: bool,  # noqa: FBT001 - a column of the table
    good: str,
    bad: str,
) -> None:
    moods = {"S": "", "F": ' Mood = "Throw";', "r": ' Mood = "Reboot";'}
    session.push(
        document(*(setting(f"x{at}", alias=at + 1, more=moods[kind]) for at, kind in enumerate(kinds))),
    )
    assert session.run("(Get-DscLocalConfigurationManager).LCMState") == [state]
    found = session.run("$s = Get-DscConfigurationStatus; $s.Status; $s.RebootRequested; $s.Type; $s.NumberOfResources")
    assert found == [status, reboot, "Initial", len(kinds)]
    for name, expected in (("ResourcesInDesiredState", good), ("ResourcesNotInDesiredState", bad)):
        wanted = [f"[LabSetting]x{at}" for at in expected]
        assert session.run(f"foreach ($r in (Get-DscConfigurationStatus).{name}) {{ $r.ResourceId }}") == wanted


def test_what_depends_on_a_failed_resource_is_skipped_and_the_rest_goes_on(session: Session) -> None:
    session.push(
        document(
            setting("late", depends=["middle"]),
            setting("middle", alias=2, depends=["first"]),
            setting("first", alias=3, more=' Mood = "Throw";'),
            setting("free", alias=4),
        )
    )
    assert session.errors == ["ProviderOperationExecutionFailure", "MI RESULT 1"]
    assert [held(session.host, name) for name in ("first", "middle", "late", "free")] == [None, None, None, "on"]
    assert session.run("(Get-DscConfigurationStatus).ResourcesNotInDesiredState.ResourceId") == ["[LabSetting]first"]
    error = session.run("((Get-DscConfigurationStatus).ResourcesNotInDesiredState[0].Error | ConvertFrom-Json)")
    assert "no first today" in str(error[0])


def test_a_nonterminating_error_of_a_resource_fails_it(session: Session) -> None:
    session.push(document(setting("a", more=' Mood = "Error";')))
    assert session.errors == ["NonTerminatingErrorFromProvider", "MI RESULT 1"]
    session.push(document(setting("b", more=' Mood = "Throw";')))
    stopping = "Start-DscConfiguration -UseExisting -Wait -ErrorAction Stop"
    assert session.failure(stopping) == "ProviderOperationExecutionFailure"
    assert session.host.lcm.state == "PendingConfiguration"


def test_every_type_of_value_reaches_the_resource_as_its_own(session: Session) -> None:
    more = " Ports = {80, 443};\n Pairs = {$P1, $P2};\n Account = $C1;\n"
    before = (
        'instance of MSFT_KeyValuePair as $P1 { Key = "k"; Value = "v"; };\n'
        'instance of MSFT_KeyValuePair as $P2 { Key = "l"; Value = "w"; };\n'
        'instance of MSFT_Credential as $C1 { UserName = "me"; Password = "se\\"cret"; };\n'
    )
    session.push(document(before, setting("a", "line\\nend", more=more)))
    assert session.errors == []
    assert held(session.host, "a") == 'line\nend|80+443|me=se"cret|k:v|l:w'


def test_documents_move_from_pending_to_current_to_previous_and_are_not_readable(session: Session) -> None:
    session.push(simple("a"))
    session.push(simple("b"))
    names = {entry.name for entry in session.host.files.find(FOLDER).children.values() if not entry.is_folder}
    assert names == {"Current.mof", "Previous.mof", "backup.mof"}
    assert b"LabSetting" not in session.host.files.read(f"{FOLDER}\\Current.mof")
    session.host.files.remove("C:\\LabState\\a.txt")
    assert session.run("Restore-DscConfiguration") == []
    assert held(session.host, "a") == "on"
    assert session.run("Test-DscConfiguration") == ["True"]
    session.run("Remove-DscConfigurationDocument -Stage Current; Remove-DscConfigurationDocument -Stage Previous")
    for cmdlet in ("Test-DscConfiguration", "Restore-DscConfiguration"):
        session.run(cmdlet)
        assert session.errors == ["MI RESULT 1"]


def test_publishing_only_makes_a_document_pending(session: Session) -> None:
    session.host.files.make_folders("C:\\mof")
    session.host.files.write("C:\\mof\\localhost.mof", simple("a"))
    session.run("Publish-DscConfiguration -Path C:\\mof")
    assert held(session.host, "a") is None
    assert session.run("(Get-DscLocalConfigurationManager).LCMState") == ["PendingConfiguration"]
    session.run("Start-DscConfiguration -UseExisting -Wait")
    assert held(session.host, "a") == "on"
    assert session.run("(Get-DscLocalConfigurationManager).LCMState") == ["Idle"]


def test_drift_is_seen_in_detail_and_text(session: Session) -> None:
    session.push(simple("a", "b"))
    session.host.files.write("C:\\LabState\\a.txt", b"changed")
    assert session.run("Test-DscConfiguration") == ["False"]
    detailed = session.run(
        "$t = Test-DscConfiguration -Detailed; $t.InDesiredState; $t.ReturnValue; $t.PSComputerName; "
        "$t.ResourcesNotInDesiredState.ResourceId; $t.ResourcesInDesiredState.InstanceName"
    )
    assert detailed == [False, 0, "localhost", "[LabSetting]a", "b"]


def test_a_document_beside_the_current_one_is_tested_without_being_kept(session: Session) -> None:
    session.push(simple("a"))
    session.host.files.write("C:\\mof\\localhost.mof", simple("a", "z"))
    for parameter in ("-Path C:\\mof", "-ReferenceConfiguration C:\\mof\\localhost.mof"):
        assert session.run(f"(Test-DscConfiguration {parameter}).ResourcesNotInDesiredState.InstanceName") == ["z"]
    assert session.run("Test-DscConfiguration") == ["True"]
    assert held(session.host, "z") is None


def test_the_version_on_disk_must_be_the_one_in_the_document(session: Session) -> None:
    install(session.host, "1.3.0")
    session.push(simple("a"))
    assert session.errors == []
    session.push(document(setting("a").replace('ModuleVersion = "1.2.0"', 'ModuleVersion = "1.2"')))
    assert session.errors == ["Lab.DscResourceNotFound"]
    assert session.run("(Get-DscLocalConfigurationManager).LCMState") == ["PendingConfiguration"]
    session.push(document(setting("a").replace('ModuleVersion = "1.2.0"', 'ModuleVersion = "0.0"')))
    assert session.errors == []
    assert session.run("(Get-DscConfiguration).ModuleVersion") == ["1.3.0"]


def test_a_host_without_configuration_says_so() -> None:
    session = Session(LabHost("bare", "2016"))
    for cmdlet, suffix in (("Test-DscConfiguration", ""), ("Get-DscConfiguration", ",Get-DscConfiguration")):
        session.run(cmdlet)
        assert session.errors == [f"MI RESULT 1{suffix}"]
    assert session.run("Get-DscConfigurationStatus") == []
    session.run("Start-DscConfiguration -UseExisting -Wait")
    assert session.errors == ["MI RESULT 1"]


def test_what_if_changes_nothing(session: Session) -> None:
    session.push(simple("a"), "-WhatIf")
    assert held(session.host, "a") is None
    assert session.host.lcm.state == "Idle"
