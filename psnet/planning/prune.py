"""Find what psnet made on a host and no site declares any more; never anything that psnet did not make.

psnet's own things are known by the ledger file on the host, verified against what exists, and by the group of its
firewall rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.planning.model import Change
from psnet.resources import (
    KINDS,
    Finding,
    FirewallRule,
    IpSet,
    NatStaticMapping,
    NetworkAcl,
    OverlayPeer,
    TierAcl,
)
from psnet.resources.acl_rule import set_id
from psnet.resources.cni import Cni
from psnet.resources.container_network import ContainerNetwork
from psnet.resources.delivery import WAYS, delivery_of
from psnet.resources.endpoint import Endpoint
from psnet.resources.endpoint_creation import TYPES
from psnet.resources.endpoint_policy import EndpointPolicy
from psnet.resources.endpoint_target import endpoint_reference, find_endpoint
from psnet.resources.firewall_rule import PSNET_GROUP, undo_removal
from psnet.resources.load_balancer import LoadBalancer
from psnet.resources.mapping_ports import present_ports
from psnet.resources.nat import Nat
from psnet.resources.network_checks import undo_of
from psnet.resources.network_policy import NetworkPolicy
from psnet.resources.reapply import Reapply
from psnet.resources.session_path import network_cut_reason, switch_cut_reason
from psnet.resources.winrm_rules import closes_winrm

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet.resources import Context, Resource
    from psnet.site.model import Absent

_Found = tuple[str, str, str, dict[str, Any]]


def undeclared_things(context: Context) -> Iterator[_Found]:
    """Yield (kind, name, backend, values of the remove template) of what is there and undeclared, networks first."""
    declared = {(item.identity.kind, item.identity.name.lower()) for item in context.resources}
    entries = sorted(context.state.ledger.items(), key=lambda item: _order(item[0]))
    for key, entry in entries:
        kind, _, name = key.partition("/")
        if kind in KINDS and (kind, name.lower()) not in declared:
            values = _values(kind, name, entry, context)
            if values is not None:
                yield kind, name, _folder(kind, name, entry, context), _alone(kind, name, entry, values, context)
    for rule in context.state.rules:
        if rule.group == PSNET_GROUP and (FirewallRule.kind, rule.name.lower()) not in declared:
            yield FirewallRule.kind, rule.name, "any", {"name": rule.name}


def _folder(kind: str, name: str, entry: dict[str, Any], context: Context) -> str:
    """Return the folder of the remove template: a thing goes the way it was made."""
    if kind == NatStaticMapping.kind:
        way = str(entry.get("via") or "netnat")
        return "any" if way == "netnat" else way
    if kind in TYPES and context.find_named(Endpoint.kind, name.removeprefix("endpoint:")) is not None:
        return "endpoint"
    if kind == TierAcl.kind or issubclass(KINDS[kind], NetworkPolicy):
        return "hcn"
    return str(entry.get("backend") or context.backend) if KINDS[kind].backend_specific else "any"


def _alone(kind: str, name: str, entry: dict[str, Any], values: dict[str, Any], context: Context) -> dict[str, Any]:
    """Say of what HNS takes with an endpoint only whether that endpoint goes too: then it is not made again."""
    if kind in TYPES:
        owner = name.removeprefix("endpoint:")
    elif kind == NatStaticMapping.kind and entry.get("via") == "endpoint":
        ids = {item.get("endpoint") for item in values["mappings"]}
        owner = next((item.name for item in context.state.endpoints if item.id in ids), "")
    else:
        return values
    declared = context.find_named(Endpoint.kind, owner)
    observed = declared.observe(context) if declared is not None else None
    return values | {"remake": observed is not None and not observed.differences}


def _order(key: str) -> int:
    kinds = list(KINDS)
    kind = key.partition("/")[0]
    return kinds.index(kind) if kind in kinds else len(kinds)


def _values(kind: str, name: str, entry: dict[str, Any], context: Context) -> dict[str, Any] | None:
    """Return the values of the remove template, None when the thing is not there any more."""
    cls = KINDS[kind]
    if cls is ContainerNetwork:
        return _network(name, entry, context)
    if cls is NatStaticMapping:
        return _mapping(name, entry, context)
    if cls is Nat:
        return _nat(name, entry, context)
    if cls is Reapply:
        there = f"psnet-reapply-{name}".lower() in {item.lower() for item in context.state.startup_tasks}
        return {"name": name} if there else None
    if cls is Cni:
        return _conflist(name, entry, context)
    if cls is LoadBalancer:
        return _balancer(name, entry, context)
    if issubclass(cls, NetworkPolicy):
        return _on_network(cls, name, entry, context)
    if cls is TierAcl:  # its tiers are read where they are declared only: the ledger says that they are there
        endpoint = find_endpoint(name, context)
        return {"name": endpoint_reference(name, context)} if endpoint and entry else None
    return _on_endpoint(cls, name, context)


def _nat(name: str, entry: dict[str, Any], context: Context) -> dict[str, Any] | None:
    if all(item.name.lower() != name.lower() for item in context.state.nats):
        return None
    there = {item.name for item in context.state.switches}
    return {"name": name} | ({"switch": entry["switch"]} if entry.get("switch") in there else {})


def _mapping(name: str, entry: dict[str, Any], context: Context) -> dict[str, Any] | None:
    try:
        old = NatStaticMapping.model_validate({**entry, "name": name, "firewall": False})
    except ValueError:
        return None  # a ledger that somebody edited is no reason to touch anything
    observed = old.observe(context)
    return observed.remove_all if observed else None


def _conflist(name: str, entry: dict[str, Any], context: Context) -> dict[str, Any] | None:
    """Return the file that psnet wrote; one that somebody made another network's is theirs."""
    path = str(entry.get("path") or "").lower()
    for item in context.state.cni.files if context.state.cni else ():
        if item.path.lower() == path and (item.document or {}).get("name") == name:
            return {"path": item.path}
    return None


def _balancer(name: str, entry: dict[str, Any], context: Context) -> dict[str, Any] | None:
    port, vips = entry.get("external_port"), set(entry.get("vips") or ())
    for item in context.state.policy_lists:
        for policy in item.policies if item.owner is None else ():
            if policy.get("ExternalPort") == port and vips & set(policy.get("VIPs") or ()):
                return {"id": item.id, "name": name}
    return None


def _on_network(cls: type[NetworkPolicy], name: str, entry: dict[str, Any], context: Context) -> dict[str, Any] | None:
    """Return what finds a network's policies; they are read where they are declared only, so the ledger speaks."""
    network = str(entry.get("network") or (name if cls is NetworkAcl else ""))
    if context.network(network) is None:
        return None
    if cls is OverlayPeer:
        return {"name": name, "network": network, "subnet": str(entry.get("subnet") or "")}
    return {"name": name, "network": network} | ({"id": set_id(name)} if cls is IpSet else {})


def _on_endpoint(cls: type[Resource], name: str, context: Context) -> dict[str, Any] | None:
    endpoint = context.endpoint(name) if cls is Endpoint else find_endpoint(name, context)
    if endpoint is None or not issubclass(cls, Endpoint | EndpointPolicy):
        return None
    if issubclass(cls, EndpointPolicy) and not any(p.get("Type") == cls.policy_type for p in endpoint.policies):
        return None
    return {"id": endpoint.id, "name": endpoint_reference(name, context)}


def _network(name: str, entry: dict[str, Any], context: Context) -> dict[str, Any] | None:
    if entry.get("backend") == "docker":
        found = next((item for item in context.state.docker_networks if item.name == name), None)
        return {"name": found.name, "id": found.hns_id} if found else None
    network = context.network(name)
    return {"name": network.name, "id": network.id} if network else None


def undeclared_removals(context: Context, first: int) -> tuple[Change, ...]:
    """Return the changes that remove what psnet made and the site no longer declares; ids count from ``first``."""
    reason = "psnet made it and the site declares it no more"
    return tuple(
        _removal(found, context, str(first + position), reason)
        for position, found in enumerate(undeclared_things(context))
    )


def superseded_mappings(context: Context, first: int) -> tuple[Change, ...]:
    """Return the changes that remove mappings made by another delivery method than the current one.

    Ids count from ``first``. Removals run before anything is made, the last of a plan first: a port is held once.
    """
    found: list[Change] = []
    for item in context.resources:
        entry = context.state.ledger.get(f"{item.kind}/{item.identity.name}")
        if not isinstance(item, NatStaticMapping) or entry is None:
            continue
        before, now = str(entry.get("via") or "netnat"), delivery_of(item, context).way
        if now is None or before in (now, "runtime"):
            continue
        values = _held(item.name, entry, before, context)
        if values is not None:
            place = (
                item.kind,
                item.name,
                _folder(item.kind, item.name, entry, context),
                _alone(item.kind, item.name, entry, values, context),
            )
            reason = f"it goes by {WAYS[now]} now, and went by {WAYS[before]}: that is taken back first"
            found.append(_removal(place, context, str(first + len(found)), reason))
    return tuple(found)


def _held(name: str, entry: dict[str, Any], way: str, context: Context) -> dict[str, Any] | None:
    """Return the values of the remove template for the ports that a mapping of the ledger still holds by a way."""
    try:
        old = NatStaticMapping.model_validate({**entry, "name": name, "via": way, "firewall": False})
    except ValueError:
        return None  # a ledger that somebody edited is no reason to touch anything
    there = present_ports(old.via, old, context) if old.via is not None else {}
    mine = [
        there[key].values
        for key, target in old.port_targets().items()
        if key in there and (there[key].internal_address, there[key].internal_port) == target
    ]
    return {"mappings": mine} if mine else None


def absent_removals(context: Context, absent: Sequence[Absent], first: int) -> tuple[Change, ...]:
    """Return the changes that remove what is declared absent; ids count from ``first``."""
    found = [item for each in absent for item in _present(each, context)]
    return tuple(_removal(item, context, str(first + position), "") for position, item in enumerate(found))


def _present(absent: Absent, context: Context) -> Iterator[_Found]:
    """Yield what is there of a thing that must not be; a mapping's firewall rule goes with it."""
    name, cls = absent.name, KINDS[absent.kind]
    entry = context.state.ledger.get(f"{absent.kind}/{name}") or absent.fields
    if cls is FirewallRule:
        if context.rule(name) is not None:
            yield absent.kind, name, "any", {"name": name}
        return
    values = _values(absent.kind, name, entry, context)
    if values is not None:
        yield absent.kind, name, _folder(absent.kind, name, entry, context), values
    if cls is NatStaticMapping:
        rule = f"psnet-mapping-{name}"
        there = context.rule(rule)
        if there is not None and there.group == PSNET_GROUP:
            yield FirewallRule.kind, rule, "any", {"name": rule}


def _removal(found: _Found, context: Context, identifier: str, reason: str) -> Change:
    kind, name, backend, values = found
    why = _proof(kind, name, values, context)
    return Change(
        id=identifier,
        operation="remove",
        kind=kind,
        name=name,
        title=name,
        backend=backend,
        reason=reason,
        remove=values,
        cuts=bool(why),
        proof=why,
        undo=_undo(kind, name, context) if why else None,
    )


def _proof(kind: str, name: str, values: dict[str, Any], context: Context) -> str:
    """Return why a removal cuts the connection; empty when it does not."""
    if kind == ContainerNetwork.kind:
        return network_cut_reason(context.state, name, None)
    if kind == Nat.kind and values.get("switch"):
        return switch_cut_reason(context.state, values["switch"])
    return closes_winrm(None, context.rule(name), context.state) if kind == FirewallRule.kind else ""


def _undo(kind: str, name: str, context: Context) -> dict[str, Any] | None:
    rule = context.rule(name) if kind == FirewallRule.kind else None
    if rule is not None:
        return undo_removal(rule)
    return undo_of(context.state, context.network(name)) if kind == ContainerNetwork.kind else None


def undeclared_notes(context: Context) -> Iterator[Finding]:
    """Yield a note for each thing that ``--prune`` would remove."""
    for kind, name, _, _ in undeclared_things(context):
        yield undeclared(f"{kind} {name}")


def undeclared(resource: str) -> Finding:
    """Return the note about something that --prune would remove."""
    return Finding(
        id="undeclared",
        severity="info",
        resource=resource,
        reason="psnet made it here and the site declares it no more",
        remedy="declare it again, or remove it with --prune",
    )


def overwritten_things(context: Context) -> Iterator[Finding]:
    """Yield a warning for each declared thing that exists, differs, and was not made by psnet."""
    for resource in context.resources:
        entry = resource.ledger(context)
        key = f"{resource.kind}/{resource.identity.name}"
        if entry is None or key in context.state.ledger:
            continue
        observed = resource.observe(context)
        if observed is not None and observed.differences:
            yield not_made_by_psnet(str(resource.identity))


def not_made_by_psnet(resource: str) -> Finding:
    """Return the warning about something that somebody else made and psnet will change."""
    return Finding(
        id="not-made-by-psnet",
        severity="warning",
        resource=resource,
        reason="it exists, differs from what is declared, and psnet did not make it: it will be changed",
        remedy="say manage: adopt to take over what exists without this warning, or choose another name",
    )
