"""Addresses, routes and DNS servers; and cmdlets that a build has without the lab knowing how to run them."""

from __future__ import annotations

import pytest

from psnet.lab.cmdlets import lab_registry
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.execute import ExecResult, run_file
from psnet.lab.labhost import LabHost


def run(text: str, os: str = "2022", host: LabHost | None = None) -> ExecResult:
    made = host or LabHost("a", os)
    return run_file(made, text, registry=lab_registry(made))


CASES: list[tuple[str, list[str], list[str]]] = [
    ("(Get-NetRoute -DestinationPrefix '0.0.0.0/0').NextHop", ["10.0.255.254"], []),
    ("(Get-NetRoute -InterfaceAlias 'Ethernet 2').DestinationPrefix", ["192.168.10.0/24", "192.168.10.11/32"], []),
    (
        (
            "$null = New-NetRoute -DestinationPrefix 10.99.0.0/16 -InterfaceAlias 'Ethernet 2' -NextHop 192.168.10.1;"
            "(Get-NetRoute -DestinationPrefix 10.99.0.0/16).NextHop;"
            "Remove-NetRoute -DestinationPrefix 10.99.0.0/16 -Confirm:$false;"
            "Get-NetRoute -DestinationPrefix 10.99.0.0/16"
        ),
        ["192.168.10.1"],
        ["CmdletizationQuery_NotFound_DestinationPrefix,Get-NetRoute"],
    ),
    (
        "New-NetRoute -DestinationPrefix 0.0.0.0/0 -InterfaceAlias Ethernet -NextHop 10.0.255.254",
        [],
        ["Windows System Error 87,New-NetRoute"],
    ),
    (
        "New-NetRoute -DestinationPrefix 10.99.0.1/16 -InterfaceAlias Ethernet",
        [],
        ["Windows System Error 87,New-NetRoute"],
    ),
    (
        "New-NetRoute -DestinationPrefix 10.99.0.0/16 -InterfaceAlias Nowhere",
        [],
        ["CmdletizationQuery_NotFound_InterfaceAlias,New-NetRoute"],
    ),
    ("(Get-DnsClientServerAddress -InterfaceAlias Ethernet).ServerAddresses", ["10.0.255.253"], []),
    (
        (
            "Set-DnsClientServerAddress -InterfaceAlias Ethernet -ServerAddresses 10.0.0.1, 10.0.0.2;"
            "(Get-DnsClientServerAddress Ethernet).ServerAddresses -join ' ';"
            "Set-DnsClientServerAddress -InterfaceAlias Ethernet -ResetServerAddresses;"
            "(Get-DnsClientServerAddress Ethernet).ServerAddresses.Count"
        ),
        ["10.0.0.1 10.0.0.2", "0"],
        [],
    ),
    (
        "Set-DnsClientServerAddress -InterfaceAlias Ethernet -ServerAddresses nowhere",
        [],
        ["Windows System Error 87,Set-DnsClientServerAddress"],
    ),
    (
        (
            "$null = New-NetIPAddress -InterfaceAlias 'Ethernet 2' -IPAddress 192.168.10.50 -PrefixLength 24;"
            "Remove-NetIPAddress -IPAddress 192.168.10.50 -Confirm:$false; Get-NetIPAddress -IPAddress 192.168.10.50"
        ),
        [],
        ["CmdletizationQuery_NotFound_IPAddress,Get-NetIPAddress"],
    ),
    (
        (
            "New-NetIPAddress -InterfaceAlias 'Ethernet 2' -IPAddress 192.168.10.50 -PrefixLength 24 "
            "-DefaultGateway 192.168.10.1"
        ),
        [],
        ["Windows System Error 87,New-NetIPAddress"],
    ),
]


@pytest.mark.parametrize(("text", "stdout", "errors"), CASES)
def test_addresses_routes_and_servers(text: str, stdout: list[str], errors: list[str]) -> None:
    result = run(text)
    assert result.stdout == stdout
    assert result.errors == errors


def test_an_external_switch_takes_routes_and_dns_servers_with_the_address_and_gives_them_back() -> None:
    host = LabHost("a", "2022")
    before = [(item.routes[:], item.dns_servers[:]) for item in host.links.adapters]
    run("$null = New-VMSwitch -Name flat -NetAdapterName Ethernet", host=host)
    nic = host.links.adapter("vEthernet (flat)")
    assert nic is not None
    assert (nic.routes, nic.dns_servers) == before[0]
    run("Remove-VMSwitch -Name flat -Force", host=host)
    assert [(item.routes, item.dns_servers) for item in host.links.adapters] == before


@pytest.mark.parametrize(
    ("os", "command", "there"),
    [
        ("2016", "New-ContainerNetwork", True),
        ("1709", "New-ContainerNetwork", False),
        ("2016", "Get-HnsNetwork", False),
        ("1709", "Get-HnsNetwork", True),
        ("2022", "New-HnsNetwork", False),
        ("2022", "Set-NetNatGlobal", True),
        ("2016", "Get-VMNetworkAdapter", True),
    ],
)
def test_a_build_has_the_cmdlets_that_it_has(os: str, command: str, *, there: bool) -> None:
    assert run(f"[bool](Get-Command -Name {command} -ErrorAction SilentlyContinue)", os).stdout == [str(there)]


def test_a_cmdlet_that_the_lab_cannot_run_is_bound_and_then_refused() -> None:
    (error,) = run("Get-VMNetworkAdapter -Nonsense").errors
    assert error.startswith("NamedParameterNotFound,")
    with pytest.raises(UnsupportedError, match="-IsLegacy"):
        run("Get-VMNetworkAdapter -VMName x -IsLegacy $true")
