"""Policies of endpoints as HNS answers them, read back into the fields that declare them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from psnet.resources.acl_rule import set_id

if TYPE_CHECKING:
    from collections.abc import Callable

_PROTOCOLS: Final = {"6": "TCP", "17": "UDP", "1": "ICMPv4", "58": "ICMPv6"}
_SET_ID: Final = set_id("")
_Policies = list[dict[str, Any]]


class Reader(NamedTuple):
    """How the policies of one type are declared: the kind, its section, and what reads its fields."""

    kind: str
    section: str
    read: Callable[[_Policies], dict[str, Any]]


def _listed(value: Any) -> list[str]:
    """Return a list from HNS' texts with commas, or its lists."""
    if value in (None, "", 0):
        return []
    parts = value if isinstance(value, list) else str(value).split(",")
    return [str(part).strip() for part in parts if str(part).strip()]


def _plain(value: list[str]) -> Any:
    """Return numbers as numbers, and one item without its list."""
    items = [int(each) if each.isdigit() else each for each in value]
    return items[0] if len(items) == 1 else items or None


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value not in (None, "", [], False)}


def without_set_id(value: str) -> str | None:
    """Return the name of the ip_set that has an id, None for one that psnet did not give."""
    return value.removeprefix(_SET_ID) if value.startswith(_SET_ID) else None


def _sides(item: dict[str, Any]) -> dict[str, Any]:
    """Return what a rule names of both sides: addresses, or the sets whose ids stand in their place."""
    sides: dict[str, Any] = {}
    for key, addresses, sets in (
        ("LocalAddresses", "local_addresses", "source_sets"),
        ("RemoteAddresses", "remote_addresses", "destination_sets"),
    ):
        listed = _listed(item.get(key))
        names = [without_set_id(each) for each in listed]
        sides |= {addresses: listed} if None in names else {sets: names}
    return sides


def _acl(policies: _Policies) -> dict[str, Any]:
    return {"rules": [rule_fields(item) for item in policies]}


def _tiers(policies: _Policies) -> dict[str, Any]:
    return {"tiers": [_tier(item.get("Settings") or {}) for item in policies]}


def _tier(item: dict[str, Any]) -> dict[str, Any]:
    rules = [rule_fields(each) for each in item.get("TierAclRules") or ()]
    return {"name": item.get("Name"), "direction": item.get("Direction"), "order": item.get("Order"), "rules": rules}


def rule_fields(item: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that declare a rule: of an endpoint's access control list, of a tier, or of a network's."""
    given = _listed(item.get("Protocols") or item.get("Protocol"))
    protocols = [_PROTOCOLS.get(each, each) for each in given]
    rule = {
        "action": item.get("Action") or item.get("TierAclRuleAction"),
        "direction": item.get("Direction"),
        "protocols": protocols[0] if len(protocols) == 1 else protocols,
        **_sides(item),
        "local_ports": _plain(_listed(item.get("LocalPorts") or item.get("LocalPort"))),
        "remote_ports": _plain(_listed(item.get("RemotePorts") or item.get("RemotePort"))),
        "rule_type": item.get("RuleType") if item.get("RuleType") != "Switch" else None,
    }
    return _without_empty(rule) | {"priority": item.get("Priority", 100)}


def _qos(policies: _Policies) -> dict[str, Any]:
    return {"maximum_outgoing_bandwidth": policies[0].get("MaximumOutgoingBandwidthInBytes")}


def _routes(policies: _Policies) -> dict[str, Any]:
    return {
        "routes": [
            _without_empty(
                {
                    "destination": item.get("DestinationPrefix"),
                    "next_hop": item.get("NextHop"),
                    "encapsulate": bool(item.get("NeedEncap")),
                }
            )
            for item in policies
        ]
    }


def _proxy(policies: _Policies) -> dict[str, Any]:
    item = policies[0]
    return {
        "address": item.get("IP"),
        "port": _plain(_listed(item.get("Port"))),
        "destination": item.get("Destination"),
        "exceptions": _listed(item.get("ExceptionList")),
        "outbound_nat": True if item.get("OutboundNat") else None,
    }


def _outbound_nat(policies: _Policies) -> dict[str, Any]:
    item = policies[0]
    return {
        "vip": item.get("VIP"),
        "exceptions": _listed(item.get("ExceptionList")),
        "destinations": _listed(item.get("Destinations")),
    }


#: By HNS' type of policy.
READERS: Final = {
    "ACL": Reader("acl", "acls", _acl),
    "TierAcl": Reader("tier_acl", "tier_acls", _tiers),
    "QOS": Reader("qos", "qos", _qos),
    "OutBoundNAT": Reader("outbound_nat", "outbound_nats", _outbound_nat),
    "ROUTE": Reader("route", "routes", _routes),
    "PROXY": Reader("proxy", "proxies", _proxy),
}
