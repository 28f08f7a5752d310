"""Endpoints of a host, their policies and load balancers, as entries of a site."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from psnet.adoption.policies import READERS

if TYPE_CHECKING:
    from psnet.adoption.model import DeclarationBuilder
    from psnet.state import EndpointState, HostState, PolicyListState

_MAKERS: Final = {"docker": "docker makes it and removes it with its container", "CNI": "a CNI plug-in made it"}
_ELB: Final = "ELB"
#: Tiers of rules, which HCN's own documents alone show.
_TIERS: Final = "TierAcl"
#: What HNS sets by itself, or the ports of an endpoint, which are mappings.
_NOT_POLICIES: Final = ("NAT", "PortMapping", "PA")


def add_endpoints(state: HostState, found: DeclarationBuilder) -> None:
    """Declare endpoints that stand for themselves, with their policies; those of a runtime are the runtime's."""
    names = Counter(item.name.lower() for item in state.endpoints if item.owner is None and not item.remote)
    theirs: dict[str, list[str]] = defaultdict(list)
    for item in state.endpoints:
        why = exclusion_reason(item, state)
        if item.remote and f"endpoint/{item.name}" not in state.ledger:
            theirs["it stands for a container on another host"].append(endpoint_label(item, state))
        elif why:
            theirs[why].append(endpoint_label(item, state))
            _add_policies(item, state, found, _word_in_ledger(item, state))
        elif names[item.name.lower()] > 1:
            found.skip(f"endpoint {item.name}", "several endpoints have this name, by which psnet knows its own")
        else:
            handed = _handed_on(item, state)
            note = f"HNS hands on the host's own DNS: {handed}" if handed else ""
            found.add("endpoints", _endpoint(item, state, own_dns=not handed), note=note)
            _add_policies(item, state, found, item.name)
    for reason, names_ in theirs.items():
        found.skip_all(names_, "endpoint", reason)


def exclusion_reason(item: EndpointState, state: HostState) -> str:
    """Return why an endpoint is not to be declared, empty for one that stands for itself."""
    if item.owner is not None:
        return _MAKERS.get(item.owner, f"{item.owner} made it")
    if item.kind == "synthetic VM NIC":
        return "a virtual machine has it"
    ours = f"endpoint/{item.name}" in state.ledger
    held = bool(item.containers) or any(item.id in each.endpoints for each in state.containers)
    return "a container has it, and what makes the container makes it" if held and not ours else ""


def endpoint_label(item: EndpointState, state: HostState) -> str:
    """Return how people call an endpoint: by its container, its pod, or its own name."""
    held = next((each for each in state.containers if item.id in each.endpoints), None)
    return (held.pod or held.name) if held else item.name


def _handed_on(item: EndpointState, state: HostState) -> str:
    """Return the DNS servers that an endpoint has, when its network names none and all of its endpoints have them."""
    network = next((each for each in state.networks if each.name.lower() == item.network.lower()), None)
    if network is None or network.dns_servers or not item.dns_servers:
        return ""
    beside = {each.dns_servers for each in state.endpoints if each.network == item.network and not each.remote}
    return item.dns_servers if len(beside) == 1 else ""


def _endpoint(item: EndpointState, state: HostState, *, own_dns: bool) -> dict[str, Any]:
    network = next((each for each in state.networks if each.name.lower() == item.network.lower()), None)
    usual = ",".join(network.dns_servers) if network else ""
    servers = [each.strip() for each in (item.dns_servers or "").split(",") if each.strip()]
    pools = network.mac_pools if network else ()
    mac = (item.mac or "").upper()
    given = any(pool["start"].upper() <= mac <= pool["end"].upper() for pool in pools) or mac.startswith("00-15-5D-")
    suffix = item.dns_suffix if not network or item.dns_suffix != network.dns_suffix else None
    return {
        "name": item.name,
        "network": item.network,
        "address": item.address,
        "mac": None if given and not item.remote else mac,
        "dns_servers": servers if own_dns and ",".join(servers) != usual else None,
        "dns_suffix": suffix if own_dns else None,
        "attach": "host" if item.kind == "host vNIC" and not item.containers else None,
        "remote": True if item.remote else None,
        "provider_address": next((each.get("PA") for each in item.policies if each.get("Type") == "PA"), None),
    }


def _word_in_ledger(item: EndpointState, state: HostState) -> str | None:
    """Return the word by which psnet set policies on an endpoint that is not its own."""
    words = {key.partition("/")[2] for key in state.ledger if key.partition("/")[0] in READERS_BY_KIND}
    held = next((each for each in state.containers if item.id in each.endpoints), None)
    names = {item.name, item.id, item.address or "", *item.containers, *(each[:12] for each in item.containers)}
    if held is not None:
        names |= {held.name, held.id, held.id[:12], held.pod or held.name, f"{held.pod_namespace}/{held.pod}"}
    known = {name.lower() for name in names if name}
    return next((word for word in sorted(words) if word.rpartition(":")[2].lower() in known), None)


READERS_BY_KIND: Final = {reader.kind: reader for reader in READERS.values()}


def _add_policies(item: EndpointState, state: HostState, found: DeclarationBuilder, word: str | None) -> None:
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for policy in item.policies:
        if policy.get("Type") not in _NOT_POLICIES:
            grouped[str(policy.get("Type"))].append(policy)
    tiers = [policy for policy in item.hcn_policies if policy.get("Type") == _TIERS]
    grouped |= {_TIERS: tiers} if tiers else {}
    for name, policies in grouped.items():
        reader = READERS.get(name)
        ours = item.owner is None and not item.containers
        known = word is not None and reader is not None and (ours or f"{reader.kind}/{word}" in state.ledger)
        if reader is None or not known:
            if ours and reader is None:
                found.skip(f"{name} of endpoint {item.name}", "psnet has no word for such a policy")
            elif reader is not None and not ours:
                shown = endpoint_label(item, state)
                found.skip(f"{reader.kind} of endpoint {shown}", "what makes the container set it, and will again")
            continue
        found.add(reader.section, {"endpoint": word, **reader.read(policies)})


def add_balancers(state: HostState, found: DeclarationBuilder) -> None:
    """Declare load balancers with an address in front; those of kube-proxy are its own."""
    theirs: list[str] = []
    for item in state.policy_lists:
        fronts = [each for each in item.policies if each.get("Type") == _ELB]
        title = f"{_front(fronts[0])}" if fronts else item.id
        if item.owner is not None:
            theirs.append(title)
        elif not fronts:
            found.skip(f"policy list {item.id}", "it is no load balancer")
        elif not [vip for vip in fronts[0].get("VIPs") or () if vip]:
            if len(item.endpoints) != 1:  # with one it is a port mapping
                found.skip(f"load balancer {title}", "it has no address in front and several members")
        else:
            fields, named = _balancer(item, fronts[0], state)
            found.add("load_balancers", fields, named=named)
    found.skip_all(theirs, "load balancer", "kube-proxy makes it, and removes what is not its own")


def _front(policy: dict[str, Any]) -> str:
    vips = [str(vip) for vip in policy.get("VIPs") or () if vip]
    return f"{vips[0] if vips else '*'}:{policy.get('ExternalPort')}"


def _balancer(item: PolicyListState, policy: dict[str, Any], state: HostState) -> tuple[dict[str, Any], bool]:
    vips, port = [str(vip) for vip in policy["VIPs"] if vip], policy.get("ExternalPort")
    known = next(
        (
            key.partition("/")[2]
            for key, entry in state.ledger.items()
            if key.startswith("load_balancer/")
            and entry.get("external_port") == port
            and set(entry.get("vips") or ()) & set(vips)
        ),
        None,
    )
    protocol = {6: "TCP", 17: "UDP"}.get(policy.get("Protocol") or 0, str(policy.get("Protocol")))
    return {
        "name": known or f"front-{vips[0]}-{port}-{protocol.lower()}",
        "vips": vips,
        "protocol": protocol,
        "external_port": port,
        "internal_port": policy.get("InternalPort"),
        "members": [_member(each, state) for each in item.endpoints],
        "source_vip": policy.get("SourceVIP"),
        "internal": True if policy.get("ILB") else None,
        "dsr": True if policy.get("IsDSR") else None,
    }, known is not None


def _member(identifier: str, state: HostState) -> str:
    item = next((each for each in state.endpoints if each.id.lower() == identifier.lower()), None)
    if item is None:
        return identifier
    held = next((each for each in state.containers if item.id in each.endpoints), None)
    if held is not None and held.pod:
        return f"pod:{held.pod_namespace}/{held.pod}"
    if held is not None:
        return f"container:{held.name}"
    twins = sum(each.name.lower() == item.name.lower() for each in state.endpoints)
    return item.name if twins == 1 or not item.address else f"address:{item.address}"
