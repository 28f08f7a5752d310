"""The engine behind the wire, with unmodified clients: files, restricted endpoints, prompts, pools, programs."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest
import winrm
from pypsrp.client import Client
from pypsrp.complex_objects import PSInvocationState
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

from psnet.lab.labhost import LabHost
from psnet.lab.wire import LabServer
from psnet.lab.wire.engine_backend import SessionConfiguration, backend_maker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER = "Administrator"
MANY = 400_000


@pytest.fixture(scope="module")
def server() -> Iterator[LabServer]:
    restricted = SessionConfiguration("Networks", frozenset({"Get-NetNat", "New-NetNat"}))
    host = LabHost("host1", "2016", docker=True)  # where Get-NetNat lists the NAT of docker's network (claim c02)
    with LabServer([host], backend=backend_maker(configurations=[restricted])) as running:
        yield running


def settings(server: LabServer) -> dict[str, Any]:
    endpoint = server.endpoints["host1"]
    return {
        "port": endpoint.https_port,
        "username": USER,
        "password": "lab",
        "ssl": True,
        "auth": "basic",
        "path": endpoint.path,
        "cert_validation": str(endpoint.ca_path),
        "no_proxy": True,
    }


@contextlib.contextmanager
def pool(server: LabServer, **options: Any) -> Iterator[RunspacePool]:
    with WSMan("127.0.0.1", **settings(server)) as wsman, RunspacePool(wsman, **options) as opened:
        yield opened


def run(opened: RunspacePool, script: str) -> PowerShell:
    shell = PowerShell(opened)
    shell.add_script(script)
    shell.invoke()
    return shell


def test_files_go_there_and_come_back_byte_for_byte(server: LabServer, tmp_path: Path) -> None:
    data = bytes(range(256)) * (MANY // 256)
    there, back = tmp_path / "there.bin", tmp_path / "back.bin"
    there.write_bytes(data)
    with Client("127.0.0.1", **settings(server)) as client:
        path = client.copy(str(there), "C:\\Windows\\Temp\\over there.bin")
        assert path == "C:\\Windows\\Temp\\over there.bin"
        client.fetch(path, str(back))
    assert back.read_bytes() == data


def test_a_restricted_endpoint_runs_only_its_commands(server: LabServer) -> None:
    with pool(server, configuration_name="Networks") as opened:
        allowed = PowerShell(opened)
        allowed.add_cmdlet("Get-NetNat")
        assert len(allowed.invoke()) == 1  # docker's own
        refused = PowerShell(opened)
        refused.add_cmdlet("Get-Service")
        refused.invoke()
        assert refused.state == PSInvocationState.FAILED
        assert refused.streams.error[0].fq_error == "CommandNotFoundException"
        script = run(opened, "Get-NetNat")
        assert script.streams.error[0].fq_error == "ScriptsNotAllowed"


@pytest.mark.parametrize(
    ("script", "error_id"),
    [
        ("Read-Host 'name'", "InvalidOperation,Microsoft.PowerShell.Commands.ReadHostCommand"),
        ("$Host.UI.PromptForChoice('a', 'b', @(), 0)", "PSInvalidOperationException"),
        ("Get-Credential", "MissingMandatoryParameter,Microsoft.PowerShell.Commands.GetCredentialCommand"),
        ("New-NetNat", "MissingMandatoryParameter,New-NetNat"),
    ],
)
def test_a_prompt_is_refused_and_never_hangs(server: LabServer, script: str, error_id: str) -> None:
    with pool(server) as opened:
        shell = run(opened, script)
    assert [item.fq_error for item in shell.streams.error] == [error_id]
    assert shell.output == []


def test_every_stream_arrives(server: LabServer) -> None:
    with pool(server) as opened:
        shell = run(
            opened,
            "$VerbosePreference = 'Continue'; $DebugPreference = 'Continue'; 1; Write-Verbose v; Write-Warning w; "
            "Write-Debug d; Write-Information i; Write-Error e; Write-Progress -Activity p",
        )
    streams = shell.streams
    assert shell.output == [1]
    assert [item.message for item in (*streams.verbose, *streams.warning, *streams.debug)] == ["v", "w", "d"]
    assert [item.message_data for item in streams.information] == ["i"]
    assert [item.fq_error for item in streams.error] == ["Microsoft.PowerShell.Commands.WriteErrorException"]
    assert [item.activity for item in streams.progress] == ["p"]


def test_pipelines_of_one_pool_run_side_by_side_and_keep_apart(server: LabServer) -> None:
    with pool(server, min_runspaces=3, max_runspaces=3) as opened:
        shells = []
        for number in range(6):
            shell = PowerShell(opened)
            shell.add_script(f"$mine = {number}; 1..20 | ForEach-Object -Process {{ $mine }}")
            shell.begin_invoke()
            shells.append(shell)
        outputs = [shell.end_invoke() or shell.output for shell in shells]
    assert [set(output) for output in outputs] == [{number} for number in range(6)]


def test_a_pipeline_that_was_left_is_finished_and_read_by_another_client(server: LabServer) -> None:
    with WSMan("127.0.0.1", **settings(server)) as first:
        left = RunspacePool(first)
        left.open()
        shell = PowerShell(left)
        shell.add_script("New-NetNat -Name 'left' -InternalIPInterfaceAddressPrefix '10.0.0.0/33'; 'done'")
        shell.begin_invoke()
        left.disconnect()
    with WSMan("127.0.0.1", **settings(server)) as second:
        (found,) = [item for item in RunspacePool.get_runspace_pools(second) if item.id == left.id]
        found.connect()
        (running,) = found.create_disconnected_power_shells()
        assert running.connect() == ["done"]
        assert [item.fq_error for item in running.streams.error] == ["Windows System Error 87,New-NetNat"]
        found.close()


def test_stopping_ends_a_loop_without_end(server: LabServer) -> None:
    with pool(server) as opened:
        shell = PowerShell(opened)
        shell.add_script("while ($true) { }")
        shell.begin_invoke()
        shell.stop()
        assert shell.state == PSInvocationState.STOPPED


def test_pywinrm_runs_encoded_commands_and_files(server: LabServer) -> None:
    endpoint = server.endpoints["host1"]
    session = winrm.Session(endpoint.https_url, (USER, "lab"), transport="basic", ca_trust_path=str(endpoint.ca_path))
    with pool(server) as opened:
        text = 'param([string] $Name) Write-Output "hello $Name"; exit 3'
        run(opened, f"Set-Content -LiteralPath 'C:\\Windows\\Temp\\hello.ps1' -Value '{text}'")
    result = session.run_ps("(Get-NetNat).InternalIPInterfaceAddressPrefix; exit 2")
    assert (result.status_code, result.std_out.decode().strip()) == (2, "172.16.0.1/20")
    words = ["-NonInteractive", "-File", "C:\\Windows\\Temp\\hello.ps1", "-Name", "lab"]
    started = session.run_cmd("powershell.exe", words)
    assert (started.status_code, started.std_out.decode().strip()) == (3, "hello lab")
