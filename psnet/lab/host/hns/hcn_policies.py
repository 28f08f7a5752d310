"""Policies that HCN alone gives: sets of addresses, access control lists of networks, tiers of an endpoint's.

What is known of them is what clients send (hcn.md 3); which HNS has them is hcsshim's table of versions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.hns.objects import HnsError
from psnet.lab.host.hns.schema import acl_fits

if TYPE_CHECKING:
    from psnet.lab.host.hns.networks import Hns
    from psnet.lab.host.hns.objects import Network

_INVALID: Final = 0x803B000D
_UNKNOWN_TYPE: Final = 0x803B000E
_NOT_FOUND: Final = 0x803B0008
_THERE: Final = 0x803B0012
_NOT_ON: Final = {"Network": {"TierAcl"}, "Endpoint": {"SetPolicy", "NetworkACL"}}
_SINCE: Final = {"SetPolicy": (13, 0), "TierAcl": (14, 0), "NetworkACL": (15, 0), "NESTEDIPSET": (15, 0)}
_SET_KEYS: Final = {"Type", "Id", "Name", "PolicyType", "Values"}
_TIER_KEYS: Final = {"Type", "Name", "Direction", "Order", "TierAclRules"}


def check(hns: Hns, kind: str, network: Network, given: list[dict[str, Any]]) -> None:
    """Refuse what an object, this HNS, or the network's sets do not allow."""
    version = hns.build.hns_version or (0, 0)
    for item in given:
        word = item["Type"]
        if word in _NOT_ON[kind] or version < _SINCE.get(word, (0, 0)):
            raise HnsError("", _UNKNOWN_TYPE)  # rule: hcn-policy-versions
        if word == "SetPolicy":
            _check_set(item, version)
        elif word == "NetworkACL" and not acl_fits(item, set_ids(network)):
            raise HnsError("", _INVALID)  # rule: hcn-network-acl
        elif word == "TierAcl":
            _check_tier(item, set_ids(network))


def _check_set(item: dict[str, Any], version: tuple[int, int]) -> None:
    sort = item.get("PolicyType")
    if item.keys() != _SET_KEYS or sort not in ("IPSET", "NESTEDIPSET") or not item["Id"]:
        raise HnsError("", _INVALID)  # rule: hcn-sets
    if version < _SINCE.get(str(sort), (0, 0)):
        raise HnsError("", _INVALID)  # rule: hcn-policy-versions


def _check_tier(item: dict[str, Any], sets: frozenset[str]) -> None:
    rules = item.get("TierAclRules")
    framed = item.keys() == _TIER_KEYS and item["Direction"] in ("In", "Out")
    if not framed or not isinstance(rules, list) or not rules:
        raise HnsError("", _INVALID)  # rule: hcn-tiers
    for rule in rules:
        flat = {name: value for name, value in rule.items() if name not in ("Id", "TierAclRuleAction")}
        known = rule.get("TierAclRuleAction") in ("Allow", "Block", "Pass")
        if not known or not acl_fits({**flat, "Action": "Allow", "Direction": item["Direction"]}, sets):
            raise HnsError("", _INVALID)  # rule: hcn-tiers


def set_ids(network: Network) -> frozenset[str]:
    """Return the ids of a network's sets: rules name them where addresses stand."""
    return frozenset(str(item["Id"]) for item in network.policies if item["Type"] == "SetPolicy")


def changed_sets(present: list[dict[str, Any]], given: list[dict[str, Any]], action: str) -> list[dict[str, Any]]:
    """Return a network's policies after a request about sets alone, which are known by their ids."""
    known = {item["Id"]: item for item in present if item["Type"] == "SetPolicy"}
    wanted = {item["Id"]: item for item in given}
    if action == "Add" and (known.keys() & wanted.keys() or len(wanted) < len(given)):
        raise HnsError("", _THERE)  # rule: hcn-sets-by-id
    if action != "Add" and wanted.keys() - known.keys():
        raise HnsError("", _NOT_FOUND)  # rule: hcn-sets-by-id
    rest = [item for item in present if item["Type"] != "SetPolicy"]
    left = {name: item for name, item in known.items() if action != "Remove" or name not in wanted}
    return [*rest, *(left | (wanted if action != "Remove" else {})).values()]
