"""Configurations over real WinRM: pushed and waited for, begun and polled, stopped, restarted in the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dsc_lab import document, held, install, setting, simple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.api import Host
    from psnet.lab.labhost import LabHost

SPACE = "root/Microsoft/Windows/DesiredStateConfiguration"
CLASS = f"-Namespace {SPACE} -ClassName MSFT_DSCLocalConfigurationManager -MethodName"
BYTES = (
    "$data = [System.IO.File]::ReadAllBytes('C:\\mof\\localhost.mof'); "
    "$data = [byte[]] ([System.BitConverter]::GetBytes($data.Length + 4) + $data); "
)
CONTINUE = "$ErrorActionPreference = 'Continue'; Start-DscConfiguration -Path C:\\mof -Wait"


@pytest.fixture
def pair(psnet_lab: Callable[..., Any]) -> Iterator[tuple[LabHost, Host]]:
    lab = psnet_lab("2022")
    model = lab.hosts["ws2022"]
    install(model)
    model.files.make_folders("C:\\mof")
    with lab.connect() as host:
        yield model, host


def pushed(host: Host, data: bytes, script: str) -> Any:
    host.put(data, "C:\\mof\\localhost.mof")
    return host.run(script)


def test_a_configuration_is_pushed_and_waited_for(pair: tuple[LabHost, Host]) -> None:
    model, host = pair
    done = pushed(host, simple("a", "b"), "Start-DscConfiguration -Path C:\\mof -Wait -Verbose")
    assert (done.errors, done.objects) == ((), ())
    assert any("LCM:  [ End    Set      ]" in line for line in map(str, done.verbose))
    assert held(model, "b") == "on"
    status = host.run("Get-DscConfigurationStatus").objects[0]
    assert (status.Status, status.Type, status.NumberOfResources) == ("Success", "Initial", 2)
    inner = host.run("(Get-DscConfigurationStatus).ResourcesInDesiredState").objects
    assert [item.ResourceId for item in inner] == ["[LabSetting]a", "[LabSetting]b"]
    assert host.run("Test-DscConfiguration").objects == ("True",)


def test_a_failure_comes_as_error_records_with_windows_ids(pair: tuple[LabHost, Host]) -> None:
    _, host = pair
    done = pushed(host, document(setting("a", more=' Mood = "Throw";')), CONTINUE)
    assert [record.error_id for record in done.errors] == ["ProviderOperationExecutionFailure", "MI RESULT 1"]


def test_a_configuration_is_begun_over_cim_and_polled(pair: tuple[LabHost, Host]) -> None:
    model, host = pair
    call = (
        f"{BYTES} (Invoke-CimMethod {CLASS} SendConfigurationApplyAsync -Arguments @{{ ConfigurationData = $data; "
        "force = $true; jobId = '{11111111-2222-3333-4444-555555555555}' }).ReturnValue"
    )
    assert pushed(host, simple("a", "b", "c"), call).objects == (0,)
    poll = f"(Invoke-CimMethod {CLASS} GetMetaConfiguration).MetaConfiguration.LCMState"
    while host.run(poll).objects != ("Idle",):
        pass
    found = host.run(
        f"(Invoke-CimMethod {CLASS} GetConfigurationStatus -Arguments @{{ All = $true }}).configurationStatus"
    )
    assert [item.JobID for item in found.objects] == ["{11111111-2222-3333-4444-555555555555}"]
    assert held(model, "c") == "on"
    tested = host.run(f"{BYTES} Invoke-CimMethod {CLASS} TestConfiguration -Arguments @{{ configurationData = $data }}")
    assert tested.objects[0].InDesiredState is True


@pytest.mark.parametrize(
    "data",
    ["[System.IO.File]::ReadAllBytes('C:\\mof\\localhost.mof')", "$data[4..($data.Count - 1)]", "'text'"],
)
def test_a_document_over_cim_needs_its_length_in_front(pair: tuple[LabHost, Host], data: str) -> None:
    model, host = pair
    call = f"{BYTES} Invoke-CimMethod {CLASS} SendConfigurationApply -Arguments @{{ ConfigurationData = {data} }}"
    done = pushed(host, simple("a"), call)
    assert [record.error_id.split(",")[0] for record in done.errors] == ["Lab.InvalidConfigurationData"]
    assert model.lcm.state == "Idle"


def test_one_operation_at_a_time_unless_forced(pair: tuple[LabHost, Host]) -> None:
    model, host = pair
    loop = pushed(
        host, document(setting("slow", more=' Mood = "Wait";')), "Start-DscConfiguration -Path C:\\mof"
    ).objects[0]
    assert (loop.PSJobTypeName, str(loop.State)) == ("ConfigurationJob", "Running")
    assert host.run("(Get-DscLocalConfigurationManager).LCMState").objects == ("Busy",)
    for script in ("Start-DscConfiguration -Path C:\\mof -Wait", "Get-DscConfigurationStatus", "Test-DscConfiguration"):
        assert [record.error_id.split(",")[0] for record in host.run(script).errors] == ["MI RESULT 1"]
    done = pushed(host, simple("quick"), "Start-DscConfiguration -Path C:\\mof -Wait -Force")
    assert done.errors == ()
    assert held(model, "quick") == "on"
    assert [run.status for run in model.lcm.history.runs()] == ["Failure", "Success"]


def test_what_runs_can_be_stopped(pair: tuple[LabHost, Host]) -> None:
    model, host = pair
    pushed(host, document(setting("slow", more=' Mood = "Wait";')), "$null = Start-DscConfiguration -Path C:\\mof")
    assert host.run("Stop-DscConfiguration -Force").errors == ()
    assert model.lcm.state == "PendingConfiguration"
    assert held(model, "slow") is None


def test_a_host_restarts_and_goes_on_when_a_resource_asks_for_it(pair: tuple[LabHost, Host]) -> None:
    model, host = pair
    meta = (
        "instance of MSFT_DSCMetaConfiguration as $M1 { RebootNodeIfNeeded = True; };\n"
        'instance of OMI_ConfigurationDocument { Version="2.0.0"; MinimumCompatibleVersion = "2.0.0"; };\n'
    )
    host.put(meta.encode(), "C:\\mof\\localhost.meta.mof")
    assert host.run("Set-DscLocalConfigurationManager -Path C:\\mof").errors == ()
    before = model.clock.booted
    host.put(document(setting("a", more=' Mood = "Reboot";'), setting("b", alias=2)), "C:\\mof\\localhost.mof")
    host.run("$null = Start-DscConfiguration -Path C:\\mof")
    assert model.lcm.settle()
    assert model.clock.booted > before
    assert (held(model, "a"), held(model, "b")) == ("on", "on")
    runs = model.lcm.history.runs()
    assert [(run.type, run.status, run.reboot) for run in runs] == [
        ("Initial", "Success", True),
        ("Reboot", "Success", False),
    ]
    assert len({run.job_id for run in runs}) == 1
    assert model.lcm.state == "Idle"
