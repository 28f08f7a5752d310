"""An optional field of HNS's answers may be missing: Get, Test and Set of every resource of PSNetDsc bear it.

The fields are those that hcsshim leaves out when they are empty (``omitempty``; shared/reference/hns_schema.yaml),
but for those that make an object what it is: ID and Type, and the numbers of VSID and VLAN policies.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from dsc_node import Node, instances
from dsc_sites import FLAT, MAPPING, NAT, SHOP, TENANT
from sampling import every

from psnet.lab.engine.flow import PipelineFailed
from psnet.lab.host.hns import calls

if TYPE_CHECKING:
    from collections.abc import Callable

SITES: dict[str, tuple[str, dict[str, Any]]] = {
    "shop": ("2022", SHOP),
    "tenant": ("2019", TENANT),
    "nat": ("2016", {"backend": "hns", "container_networks": [NAT], "nat_static_mappings": [MAPPING]}),
    "overlay": ("2019", {"container_networks": [FLAT | {"mode": "overlay", "vsid": 5001}]}),
}
FIELDS = (
    *("AddressPrefix", "AutomaticDNS", "DNSServerCompartment", "DNSServerList", "DNSSuffix", "EnableInternalDNS"),
    *("EncapOverhead", "EndMacAddress", "Extra", "Flags", "GatewayAddress", "Health", "IPAddress", "LayeredOn"),
    *("MacAddress", "MacPools", "ManagementIP", "NetworkAdapterName", "Policies", "PrefixLength", "Resources"),
    *("SharedContainers", "StartMacAddress", "State", "Subnets", "VirtualMachine", "VirtualNetwork"),
    *("VirtualNetworkName", "VirtualNicName", "IsRemoteEndpoint", "DisableICC", "InterfaceConstraint", "References"),
    *("ExternalPort", "InternalPort", "Protocol", "Protocols", "LocalPorts", "RemotePorts", "LocalAddresses"),
    *("RemoteAddresses", "Priority", "RuleType", "Action", "Direction", "VIPs", "VIP", "SourceVIP", "ExceptionList"),
    *("MaximumOutgoingBandwidthInBytes", "DestinationPrefix", "NeedEncap", "NextHop", "OutboundNAT", "ILB", "IsDSR"),
    *("Metric", "IsolationId", "Ipams", "SwitchGuid", "LayerResources", "GatewayMac", "Name"),
)
#: What Windows PowerShell says of a script that reads what is not there; a resource's own words have other ids.
FAULTS = (
    *("PropertyNotFoundStrict", "InvokeMethodOnNull", "NullArray", "NullArrayIndex", "MethodNotFound", "CannotIndex"),
    *("ParameterArgumentValidationErrorNullNotAllowed", "VariableIsUndefined", "InvalidCast", "NullReference"),
    *("ParameterArgumentValidationErrorEmptyStringNotAllowed", "ConvertToFinalInvalidCastException"),
)


@cache
def converged(name: str, language: str) -> Node:
    """Return the node of a site, made once: a resource that is set again leaves what is declared."""
    os, data = SITES[name]
    node = Node(os, language=language)
    node.converge(data)
    return node


def without(document: Any, field: str) -> Any:
    """Return a document without a field, wherever it stands."""
    if isinstance(document, dict):
        return {key: without(value, field) for key, value in document.items() if key != field}
    return [without(item, field) for item in document] if isinstance(document, list) else document


def fault(work: Callable[[], Any]) -> str:
    """Run something and return the id of a fault that it ends with, "" for none."""
    try:
        work()
    except (PipelineFailed, AssertionError) as ended:
        text = ended.record.full_id if isinstance(ended, PipelineFailed) else str(ended)
        return text if any(word in text for word in FAULTS) else ""
    return ""


CASES = [(name, field, language) for name in SITES for field in FIELDS for language in ("5.1", "7")]


@pytest.mark.parametrize(("name", "field", "language"), every(83, CASES))
def test_resources_bear_a_field_that_hns_leaves_out(
    name: str, field: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, data = converged(name, language), SITES[name][1]
    written = calls._written
    monkeypatch.setattr(calls, "_written", lambda hns, document: written(hns, without(document, field)))
    for item in instances(data):
        steps: dict[str, Callable[[], Any]] = {
            "Get": lambda item=item: node.get(item),  # type: ignore[misc]
            "Test": lambda item=item: node.test(item),  # type: ignore[misc]
            "Set": lambda item=item: node.set(item),  # type: ignore[misc]
        }
        assert {verb: found for verb, work in steps.items() if (found := fault(work))} == {}, item.id
