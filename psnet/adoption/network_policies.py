"""What HCN adds to container networks, as entries: peers of overlays, sets of addresses, access control lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.adoption.model import free_name
from psnet.adoption.policies import rule_fields, without_set_id
from psnet.types import parse_network

if TYPE_CHECKING:
    from psnet.adoption.model import DeclarationBuilder
    from psnet.state import HostState, NetworkState

_PEER: Final = "RemoteSubnetRoute"
_SET: Final = "SetPolicy"
_ACL: Final = "NetworkACL"


def add_network_policies(item: NetworkState, state: HostState, found: DeclarationBuilder) -> None:
    """Declare the peers, sets and access control list of one network, which is declared itself."""
    _add_peers(item, state, found)
    for settings in _settings(item, _SET):
        _add_set(item, settings, found)
    rules = _settings(item, _ACL)
    if rules:
        found.add("network_acls", {"network": item.name, "rules": [rule_fields(each) for each in rules]})


def _settings(item: NetworkState, kind: str) -> list[dict[str, Any]]:
    return [dict(each.get("Settings") or {}) for each in item.hcn_policies if each.get("Type") == kind]


def _add_peers(item: NetworkState, state: HostState, found: DeclarationBuilder) -> None:
    """Declare overlay peers, under psnet's own names where it made them; those of a cluster are its plug-in's."""
    names = _names(state)
    kubelet = any(each.runtime == "kubelet" for each in state.containers)
    vsids = [each.get("VSID") for subnet in item.subnets for each in subnet.policies if each.get("Type") == "VSID"]
    taken = set(names.values())
    theirs: list[str] = []
    for peer in (each for each in item.policies if each.get("Type") == _PEER):
        subnet = str(parse_network(str(peer.get("DestinationPrefix"))))
        known = names.get((item.name.lower(), subnet))
        if known is None and kubelet:
            theirs.append(subnet)
            continue
        fields = {
            "name": known or free_name(f"{item.name}-{subnet.partition('/')[0]}", taken, "-"),
            "network": item.name,
            "subnet": subnet,
            "provider_address": peer.get("ProviderAddress"),
            "mac": str(peer.get("DistributedRouterMacAddress") or "").upper().replace(":", "-"),
            "vsid": peer.get("IsolationId") if peer.get("IsolationId") not in vsids else None,
        }
        note = "" if known else "psnet did not make it, and the name is made up"
        found.add("overlay_peers", fields, note=note, named=known is not None)
    found.skip_all(theirs, "overlay peer", "the cluster's network plug-in makes it, and will again")


def _names(state: HostState) -> dict[tuple[str, str], str]:
    """Return the names of psnet's peers by their network and prefix, which the ledger knows."""
    kinds = [(*key.partition("/"), entry) for key, entry in state.ledger.items()]
    return {
        (str(entry.get("network")).lower(), str(entry.get("subnet"))): name
        for kind, _, name, entry in kinds
        if kind == "overlay_peer"
    }


def _add_set(item: NetworkState, settings: dict[str, Any], found: DeclarationBuilder) -> None:
    """Declare a set of psnet's; the ids of its sets begin with a word of its own, by which rules name them."""
    known, title = without_set_id(str(settings.get("Id"))), settings.get("Name") or settings.get("Id")
    held = [each.strip() for each in str(settings.get("Values") or "").split(",") if each.strip()]
    nested = settings.get("PolicyType") == "NESTEDIPSET"
    inner = [without_set_id(each) for each in held] if nested else []
    if known is None or None in inner:
        why = "it has an id" if known is None else "it holds sets with ids"
        found.skip(f"ip_set {title} of network {item.name}", f"{why} that psnet did not give, by which rules name it")
        return
    fields = {"name": known, "network": item.name}
    found.add("ip_sets", fields | ({"sets": inner} if nested else {"addresses": held}))
