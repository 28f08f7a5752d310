"""The NetworkController module in the engine: typed objects, parameters, ids of errors, and who has it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from psnet.lab.cmdlets import lab_registry
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.execute import ExecResult, run_file
from psnet.lab.labhost import LabHost
from psnet.lab.management import management_host
from psnet.lab.sdn.typetable import RESOURCES
from psnet.powershell.facts.cmdlets import entries

_HEAD = "Set-StrictMode -Version Latest\n$ErrorActionPreference = 'Stop'\n$uri = 'https://nc01'\n"
_NEW = "New-Object -TypeName Microsoft.Windows.NetworkController."


@pytest.fixture
def host() -> LabHost:
    made = management_host([LabHost("web1")], "secret")
    assert made.sdn is not None
    made.sdn.urls = ["https://nc01"]
    return made


def run(host: LabHost, script: str, *, imported: bool = True) -> ExecResult:
    head = f"{_HEAD}Import-Module -Name NetworkController\n" if imported else _HEAD
    return run_file(host, head + script, registry=lab_registry(host))


def said(host: LabHost, script: str) -> list[str]:
    result = run(host, script)
    assert result.errors == [], result.stderr_text
    return result.stdout


RULE = f"""
function New-Rule([string]$Name, [string]$Priority) {{
    $rule = {_NEW}AclRule
    $rule.ResourceId = $Name
    $rule.Properties = {_NEW}AclRuleProperties
    $rule.Properties.Protocol = 'All'
    $rule.Properties.SourcePortRange = '0-65535'
    $rule.Properties.DestinationPortRange = '0-65535'
    $rule.Properties.Action = 'Allow'
    $rule.Properties.SourceAddressPrefix = '*'
    $rule.Properties.DestinationAddressPrefix = '*'
    $rule.Properties.Priority = $Priority
    $rule.Properties.Type = 'Inbound'
    $rule
}}
$acl = {_NEW}AccessControlListProperties
$acl.AclRules += New-Rule one 100
"""

_WRITE = "New-NetworkControllerAccessControlList -ConnectionUri $uri -ResourceId a -Properties $acl"

REFUSED = [
    ("$acl.Colour = 'red'", "PropertyNotFound"),
    ("$acl.AclRules = 5", "ExceptionWhenSetting"),
    (f"$acl.AclRules = @({_NEW}Route)", "ExceptionWhenSetting"),
    ("$acl.AclRules[0].Properties = @{Colour = 'red'}", "ExceptionWhenSetting"),
    (f"$p = {_NEW}IpPoolProperties; $v = {_NEW}LogicalSubnetProperties; $v.VlanId = 'seven'", "ExceptionWhenSetting"),
    (f"{_NEW}Widget", "TypeNotFound,Microsoft.PowerShell.Commands.NewObjectCommand"),
    (
        "New-NetworkControllerAccessControlList -ConnectionUri $uri -ResourceId a -Properties $acl",
        "InvalidOperation,New-NetworkControllerAccessControlList",
    ),
    (
        "New-NetworkControllerAccessControlList -ConnectionUri $uri -ResourceId a -Properties $acl -Force -Confirm",
        "InvalidOperation,New-NetworkControllerAccessControlList",
    ),
    (
        "New-NetworkControllerAccessControlList -ConnectionUri $uri -ResourceId a -Properties $acl.AclRules[0] -Force",
        "CannotConvertArgumentNoMessage,New-NetworkControllerAccessControlList",
    ),
    (
        f"$acl.AclRules += New-Rule two 100; {_WRITE} -Force",
        "SecurityRuleConflict,New-NetworkControllerAccessControlList",
    ),
    (
        f"{_WRITE} -Etag 'W/\"x\"' -Force",
        "PreconditionFailed,New-NetworkControllerAccessControlList",
    ),
    (
        "Get-NetworkControllerAccessControlList -ConnectionUri $uri -ResourceId none",
        "ResourceNotFound,Get-NetworkControllerAccessControlList",
    ),
    (
        "Get-NetworkControllerAccessControlList -ConnectionUri https://elsewhere",
        "WebException,Get-NetworkControllerAccessControlList",
    ),
    (
        "Get-NetworkControllerAccessControlList -ConnectionUri $uri -Name x",
        "NamedParameterNotFound,Get-NetworkControllerAccessControlList",
    ),
]


@pytest.mark.parametrize(("script", "error_id"), REFUSED)
def test_what_the_module_refuses_has_its_id(host: LabHost, script: str, error_id: str) -> None:
    assert run(host, RULE + script).errors == [error_id]


def test_a_type_is_there_only_once_the_module_is(host: LabHost) -> None:
    missing = "TypeNotFound,Microsoft.PowerShell.Commands.NewObjectCommand"
    assert run(host, f"{_NEW}AclRule", imported=False).errors == [missing]
    used = "$null = Get-NetworkControllerServer -ConnectionUri $uri\n"
    assert run(host, f"{used}$null = {_NEW}AclRule", imported=False).errors == []
    assert run(LabHost("web2"), f"{_NEW}AclRule", imported=False).errors == [missing]


def test_a_type_is_named_cast_to_and_bound_like_any_other(host: LabHost) -> None:
    script = """
$made = [Microsoft.Windows.NetworkController.AclRule]::new()
$made -is [Microsoft.Windows.NetworkController.AclRule]
[Microsoft.Windows.NetworkController.AclRule[]]$rules = @()
$rules += $made
$rules.GetType().FullName
$cast = [Microsoft.Windows.NetworkController.AclRule]@{ ResourceId = 'x'; Properties = @{ Priority = 100 } }
$cast.Properties.Priority.GetType().Name
function Get-Id { param([Microsoft.Windows.NetworkController.AclRule]$Rule) $Rule.ResourceId }
Get-Id -Rule $cast
"""
    assert said(host, script) == ["True", "Microsoft.Windows.NetworkController.AclRule[]", "String", "x"]


def test_every_type_of_the_table_can_be_made(host: LabHost) -> None:
    names = " ".join(f"'{name}'" for name in (*RESOURCES, *RESOURCES.values())).replace(" ", ", ")
    made = '(New-Object -TypeName "Microsoft.Windows.NetworkController.$name").PSObject.TypeNames[0]'
    script = f"foreach ($name in {names}) {{ {made}.Split('.')[-1] }}"
    assert said(host, script) == [*RESOURCES, *RESOURCES.values()]


def test_every_cmdlet_of_the_module_is_found_and_what_the_lab_does_not_know_is_refused(host: LabHost) -> None:
    registry = lab_registry(host)
    names = [str(item["name"]) for item in entries("NetworkController", "2022")]
    assert len(names) > 150
    assert all(registry.find(name) is not None for name in names)
    assert all(lab_registry(LabHost("web2")).find(name) is None for name in names)
    with pytest.raises(UnsupportedError, match="unsupported: Get-NetworkControllerBackup, line"):
        run(host, "Get-NetworkControllerBackup -ConnectionUri $uri")


def test_whatif_changes_nothing(host: LabHost) -> None:
    write = "New-NetworkControllerAccessControlList -ConnectionUri $uri -ResourceId a -Properties $acl -WhatIf"
    said(host, RULE + write)
    assert host.sdn is not None
    assert host.sdn.collection("/accessControlLists") == []


def test_an_object_serialises_with_everything_in_it(host: LabHost) -> None:
    script = """
$tags = [ordered]@{ owner = 'shop' }
$null = New-NetworkControllerAccessControlList -ConnectionUri $uri -ResourceId a -Properties $acl -Tags $tags -Force
Start-Sleep -Seconds 1
$acls = @(Get-NetworkControllerAccessControlList -ConnectionUri $uri)
ConvertTo-Json -InputObject $acls -Depth 10 -Compress
"""
    text = "".join(said(host, RULE + script))
    (found,) = json.loads(text)
    assert found["Tags"] == {"owner": "shop"}
    assert found["Properties"]["AclRules"][0]["Properties"]["Priority"] == "100"
    assert found["Properties"]["ProvisioningState"] == "Succeeded"


# The steps of Microsoft's page "Configure the Software Load Balancer", on a network of the lab's own.
BALANCER = f"""
function Wait-Resource($Resource, $Get) {{
    while ($Resource.Properties.ProvisioningState -eq 'Updating') {{
        Start-Sleep -Milliseconds 100
        $Resource = & $Get
    }}
    $Resource
}}
$pool = {_NEW}IpPool
$pool.ResourceId = 'vips'
$pool.Properties = @{{ StartIPAddress = '203.0.113.10'; EndIPAddress = '203.0.113.20' }}
$subnet = {_NEW}LogicalSubnet
$subnet.ResourceId = 'vip'
$subnet.Properties = {_NEW}LogicalSubnetProperties
$subnet.Properties.AddressPrefix = '203.0.113.0/24'
$subnet.Properties.VlanId = '7'
$subnet.Properties.IsPublic = $true
$subnet.Properties.IpPools = @($pool)
$logical = {_NEW}LogicalNetworkProperties
$logical.Subnets += $subnet
$logical.NetworkVirtualizationEnabled = $true
$null = New-NetworkControllerLogicalNetwork -ConnectionUri $uri -ResourceId public -Properties $logical -Force
$provider = Wait-Resource (Get-NetworkControllerLogicalNetwork -ConnectionUri $uri -ResourceId public) {{
    Get-NetworkControllerLogicalNetwork -ConnectionUri $uri -ResourceId public }}
$virtual = {_NEW}VirtualNetworkProperties
$virtual.AddressSpace = {_NEW}AddressSpace
$virtual.AddressSpace.AddressPrefixes += '10.0.0.0/16'
$virtual.LogicalNetwork = $provider
$inner = {_NEW}VirtualSubnet
$inner.ResourceId = 'web'
$inner.Properties = {_NEW}VirtualSubnetProperties
$inner.Properties.AddressPrefix = '10.0.1.0/24'
$virtual.Subnets = @($inner)
$null = New-NetworkControllerVirtualNetwork -ConnectionUri $uri -ResourceId shop -Properties $virtual -Force
Start-Sleep -Seconds 1
$properties = {_NEW}NetworkInterfaceProperties
$properties.PrivateMacAddress = '00-15-5D-00-00-01'
$properties.PrivateMacAllocationMethod = 'Static'
$configuration = {_NEW}NetworkInterfaceIpConfiguration
$configuration.ResourceId = 'ip'
$configuration.Properties = {_NEW}NetworkInterfaceIpConfigurationProperties
$configuration.Properties.PrivateIPAddress = '10.0.1.11'
$configuration.Properties.PrivateIPAllocationMethod = 'Static'
$configuration.Properties.Subnet = {_NEW}Subnet
$configuration.Properties.Subnet.ResourceRef = '/virtualNetworks/shop/subnets/web'
$properties.IpConfigurations = @($configuration)
$null = New-NetworkControllerNetworkInterface -ConnectionUri $uri -ResourceId web1 -Properties $properties -Force
Start-Sleep -Seconds 1
$id = 'LB2'
$balancer = {_NEW}LoadBalancerProperties
$front = {_NEW}LoadBalancerFrontendIpConfiguration
$front.ResourceId = 'FE1'
$front.ResourceRef = "/loadBalancers/$id/frontendIPConfigurations/$($front.ResourceId)"
$front.Properties = {_NEW}LoadBalancerFrontendIpConfigurationProperties
$front.Properties.Subnet = {_NEW}Subnet
$front.Properties.Subnet.ResourceRef = $provider.Properties.Subnets[0].ResourceRef
$front.Properties.PrivateIPAddress = '203.0.113.10'
$front.Properties.PrivateIPAllocationMethod = 'Static'
$balancer.FrontEndIPConfigurations += $front
$back = {_NEW}LoadBalancerBackendAddressPool
$back.ResourceId = 'BE1'
$back.ResourceRef = "/loadBalancers/$id/backendAddressPools/$($back.ResourceId)"
$back.Properties = {_NEW}LoadBalancerBackendAddressPoolProperties
$balancer.BackendAddressPools += $back
$probe = {_NEW}LoadBalancerProbe
$probe.ResourceId = 'Probe1'
$probe.ResourceRef = "/loadBalancers/$id/Probes/$($probe.ResourceId)"
$probe.Properties = {_NEW}LoadBalancerProbeProperties
$probe.Properties.Protocol = 'HTTP'
$probe.Properties.Port = '80'
$probe.Properties.RequestPath = '/health.htm'
$probe.Properties.IntervalInSeconds = 5
$probe.Properties.NumberOfProbes = 11
$balancer.Probes += $probe
$rule = {_NEW}LoadBalancingRule
$rule.ResourceId = 'webserver1'
$rule.Properties = {_NEW}LoadBalancingRuleProperties
$rule.Properties.FrontEndIPConfigurations += $front
$rule.Properties.BackendAddressPool = $back
$rule.Properties.Protocol = 'TCP'
$rule.Properties.FrontEndPort = 80
$rule.Properties.BackEndPort = 80
$rule.Properties.IdleTimeoutInMinutes = 4
$rule.Properties.Probe = $probe
$balancer.LoadBalancingRules += $rule
$options = @{{ ConnectionUri = $uri; Force = $true; PassInnerException = $true }}
$null = New-NetworkControllerLoadBalancer -ResourceId $id -Properties $balancer @options
Start-Sleep -Seconds 1
$lb = Get-NetworkControllerLoadBalancer -ConnectionUri $uri -ResourceId $id
$nic = Get-NetworkControllerNetworkInterface -ConnectionUri $uri -ResourceId web1
$nic.Properties.IpConfigurations[0].Properties.LoadBalancerBackendAddressPools += $lb.Properties.BackendAddressPools[0]
$nic.Properties.PortSettings.QosSettings = {_NEW}QosSettings
$nic.Properties.PortSettings.QosSettings.OutboundMaximumMbps = '1000'
$null = New-NetworkControllerNetworkInterface -ResourceId web1 -Properties $nic.Properties -Etag $nic.Etag @options
Start-Sleep -Seconds 1
"""


def test_the_documented_steps_for_a_load_balancer_work_as_written(host: LabHost) -> None:
    ended = """
$pool = Get-NetworkControllerLoadBalancerBackendAddressPool -ConnectionUri $uri -LoadBalancerId $id -ResourceId BE1
$pool.Properties.BackendIPConfigurations[0].ResourceRef
$lb.Properties.LoadBalancingRules[0].Properties.Probe.ResourceRef
$nic = Get-NetworkControllerNetworkInterface -ConnectionUri $uri -ResourceId web1
$nic.Properties.PortSettings.QosSettings.OutboundMaximumMbps
try { Remove-NetworkControllerLoadBalancer -ResourceId $id @options } catch { $_.FullyQualifiedErrorId }
Remove-NetworkControllerNetworkInterface -ConnectionUri $uri -ResourceId web1 -Etag $nic.Etag -Force
Start-Sleep -Seconds 1
Remove-NetworkControllerLoadBalancer -ConnectionUri $uri -ResourceId $id -Force
Start-Sleep -Seconds 1
@(Get-NetworkControllerLoadBalancer -ConnectionUri $uri).Count
"""
    assert said(host, BALANCER + ended) == [
        "/networkInterfaces/web1/ipConfigurations/ip",
        "/loadBalancers/LB2/probes/Probe1",
        "1000",
        "InUseLoadBalancerBackendAddressPoolCannotBeDeleted,Remove-NetworkControllerLoadBalancer",
        "0",
    ]


def test_a_child_and_a_singleton_have_their_own_cmdlets(host: LabHost) -> None:
    script = f"""
$null = New-NetworkControllerAccessControlList -ConnectionUri $uri -ResourceId a -Properties $acl -Force
Start-Sleep -Seconds 1
$two = New-Rule two 200
$options = @{{ ConnectionUri = $uri; Force = $true; AccessControlListId = 'a' }}
$null = New-NetworkControllerAccessControlListRule -ResourceId two -Properties $two.Properties @options
Start-Sleep -Seconds 1
(Get-NetworkControllerAccessControlListRule -ConnectionUri $uri -AccessControlListId a).ResourceId -join ' '
Remove-NetworkControllerAccessControlListRule -ConnectionUri $uri -AccessControlListId a -ResourceId one -Force
Start-Sleep -Seconds 1
(Get-NetworkControllerAccessControlListRule -ConnectionUri $uri -AccessControlListId a).ResourceId -join ' '
$switch = {_NEW}VirtualSwitchManagerProperties
$switch.QosSettings = {_NEW}VirtualSwitchQosSettings
$switch.QosSettings.ReservationMode = 'Absolute'
$null = Set-NetworkControllerVirtualSwitchConfiguration -ConnectionUri $uri -Properties $switch -Force
(Get-NetworkControllerVirtualSwitchConfiguration -ConnectionUri $uri).Properties.QosSettings.ReservationMode
"""
    assert said(host, RULE + script) == ["one two", "two", "Absolute"]


def test_a_password_goes_in_and_does_not_come_out(host: LabHost) -> None:
    script = f"""
$secret = {_NEW}CredentialProperties
$secret.Type = 'UsernamePassword'
$secret.UserName = 'lab\\admin'
$secret.Value = 'hunter2'
$made = New-NetworkControllerCredential -ConnectionUri $uri -ResourceId c -Properties $secret -Force
ConvertTo-Json -InputObject $made -Depth 5 -Compress
"""
    shown = "".join(said(host, script))
    found: dict[str, Any] = json.loads(shown)
    assert found["Properties"]["UserName"] == "lab\\admin"
    assert "hunter2" not in shown
