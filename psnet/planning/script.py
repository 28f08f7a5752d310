"""The PowerShell that carries out a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.powershell import Raw, Templates
from psnet.powershell.compact import compacted

if TYPE_CHECKING:
    from psnet.planning.lease import Lease
    from psnet.planning.model import Change, Plan

#: Functions that the templates of a kind and a backend call.
_FIND: Final = ("lib/hns", "lib/property", "lib/endpoint_policy")
_LIBRARIES = {
    ("container_network", "hns"): ("lib/hns",),
    ("container_network", "hcn"): ("lib/hcn_result", "lib/hcn"),
    ("container_network", "docker"): ("lib/docker",),
    ("endpoint", "hcn"): (*_FIND, "lib/hcn_result", "lib/hcn"),
    ("endpoint", "any"): ("lib/hns",),
    **{(kind, "any"): _FIND for kind in ("acl", "qos", "route", "proxy", "outbound_nat")},
    **{(kind, "endpoint"): (*_FIND, "lib/endpoint_has") for kind in ("qos", "route", "outbound_nat")},
    ("load_balancer", "any"): _FIND,
    **{("nat_static_mapping", way): _FIND for way in ("endpoint", "load_balancer")},
    ("nat_static_mapping", "portproxy"): ("lib/netsh",),
    ("firewall_rule", "any"): ("lib/firewall_known",),
}
_LIBRARIES |= {
    (kind, "hcn"): (
        "lib/hns",
        "lib/property",
        "lib/endpoint_policy",
        "lib/hcn_result",
        "lib/hcn_policy",
        "lib/hcn_modify",
    )
    for kind in ("overlay_peer", "ip_set", "network_acl", "tier_acl", "acl")
}
_EXTERNAL = frozenset({"transparent", "l2bridge", "l2tunnel", "overlay"})
_MODE_WORDS = {"nat": "NAT", "transparent": "Transparent", "l2bridge": "L2Bridge", "l2tunnel": "L2Tunnel"}
#: HCN's words (hns.md, v2 NetworkMode).
_HCN_TYPES = {**{mode: mode.capitalize() for mode in ("overlay", "internal", "private")}, **_MODE_WORDS}
#: Kinds whose steps take little time: what they say may wait for one another.
_QUICK = {"nat_static_mapping", "firewall_rule", "acl", "qos", "route", "proxy", "outbound_nat"}
_WORDS = {"create": "+", "update": "~", "replace": "-/+", "remove": "-"}


def apply_script(
    plan: Plan, templates: Templates | None = None, lease: Lease | None = None, *, hold: bool = True
) -> str:
    """Return the script for a plan: removals in reverse order first, then what is made or changed.

    With a lease the script holds the host for itself while it runs, and its functions are compact; one to be run by
    hand takes none. Each step
    prints one line of JSON, which ``read_outcomes`` reads; those of quick steps come several at a time, unless ``hold``
    is False.
    """
    using = templates or Templates()
    removals = [_removal(change, plan, using) for change in plan.changes if _removes(change)]
    makings = [_making(change, plan, using) for change in plan.changes if change.operation != "remove"]
    names = ["lib/folder", "lib/ledger", "lib/ledger_write", "lib/change", "lib/lines"]
    if any(_settles(change, plan) for change in plan.changes):
        names.append("lib/settle")
    if lease is not None:
        names.append("lib/lease")
    for change in plan.changes:
        wanted = _LIBRARIES.get((change.kind, change.backend), ())
        wanted = (*wanted, *_asked_for(change))
        names += [name for name in wanted if name not in names]
    return str(
        using.render(
            "apply.ps1.j2",
            host=plan.host,
            site=plan.site,
            build=plan.facts.build,
            backend=plan.backend,
            functions=[_function(name, using, compact=lease is not None) for name in names],
            lease=lease.values(plan) if lease is not None else None,
            remembers=any(step["ledger_key"] for step in (*removals, *makings)),
            rule_names=[item.name for item in plan.changes if _changes_rule(item)],
            steps=_waiting([*reversed(removals), *makings], hold=hold),
        )
    )


def _asked_for(change: Change) -> tuple[str, ...]:
    """Return the functions that the values of a change ask for."""
    made, gone = change.create or {}, change.remove or {}
    wanted: tuple[str, ...] = ("lib/docker",) if made.get("docker") else ()
    if made.get("waits"):
        wanted += ("lib/hns", "lib/property", "lib/network_ready")
    if made.get("attach"):
        wanted += (*_FIND, "lib/attach")
    if change.kind == "endpoint" and made.get("policies"):
        wanted += (*_FIND, *(("lib/hcn_result", "lib/hcn_policy", "lib/hcn_modify") if change.backend == "hcn" else ()))
    if made.get("forwarding"):
        wanted += ("lib/forwarding",)
    if change.operation == "remove" and gone.get("remake"):
        wanted += ("lib/attach", "lib/endpoint_again")
    return wanted


def _function(name: str, templates: Templates, *, compact: bool) -> Raw:
    text = templates.render(f"{name}.ps1.j2")
    return Raw(compacted(str(text))) if compact else text


def _changes_rule(change: Change) -> bool:
    return change.kind == "firewall_rule" and change.operation != "create"


def _waiting(steps: list[dict[str, Any]], *, hold: bool) -> list[dict[str, Any]]:
    """Say of each step whether its line may wait: a quick one's, when another quick one follows."""
    quick = [hold and step["kind"] in _QUICK for step in steps]
    follows = [*quick[1:], False]
    return [step | {"wait": quick[place] and follows[place]} for place, step in enumerate(steps)]


def _removes(change: Change) -> bool:
    return change.operation in ("remove", "replace")


def _removal(change: Change, plan: Plan, templates: Templates) -> dict[str, Any]:
    blockers = [other.id for other in plan.changes if change.id in other.requires and _removes(other)]
    return {
        "id": f"{change.id}.remove",
        "kind": change.kind,
        "title": f"{_WORDS[change.operation]} {change.kind} {change.title}"[:200],
        "fields": [],
        "requires": [f"{other}.remove" for other in blockers],
        "settles": False,
        "body": _body(change, "remove", templates),
        "ledger_key": f"{change.kind}/{change.name}" if change.operation == "remove" else None,
        "ledger_entry": None,
    }


def _making(change: Change, plan: Plan, templates: Templates) -> dict[str, Any]:
    operation = "update" if change.operation == "update" else "create"
    own = [f"{change.id}.remove"] if change.operation == "replace" else []
    return {
        "id": f"{change.id}.make",
        "kind": change.kind,
        "title": f"{_WORDS[change.operation]} {change.kind} {change.title}"[:200],
        "fields": [f"{item.field}: {item.old} -> {item.new}"[:200] for item in change.fields],
        "requires": [*own, *(f"{need}.make" for need in change.requires if _has_making(need, plan))],
        "settles": _settles(change, plan),
        "body": _body(change, operation, templates),
        "ledger_key": f"{change.kind}/{change.name}" if change.ledger is not None else None,
        "ledger_entry": change.ledger,
    }


def _settles(change: Change, plan: Plan) -> bool:
    """Say whether a network is made on an adapter that another may just have been taken from (claim c111)."""
    return (
        change.kind == "container_network"
        and (change.create or {}).get("mode") in _EXTERNAL
        and any(other.kind == "container_network" and _removes(other) for other in plan.changes)
    )


def _has_making(change_id: str, plan: Plan) -> bool:
    return any(change.id == change_id and change.operation != "remove" for change in plan.changes)


def _body(change: Change, verb: str, templates: Templates) -> Raw:
    if verb == "update" and not templates.exists(f"{change.kind}/{change.backend}/update.ps1.j2"):
        verb = "create"
    given = change.remove if verb == "remove" else change.create
    return change_body(change.kind, change.backend, verb, given or {}, templates)


def change_body(kind: str, backend: str, verb: str, values: dict[str, Any], templates: Templates) -> Raw:
    """Return the PowerShell of one step of a kind and a backend."""
    rendered = templates.render(f"{kind}/{backend}/{verb}.ps1.j2", **_with_derived(kind, values))
    return Raw(str(rendered).rstrip("\n"))


def step_texts(change: Change, templates: Templates | None = None) -> list[str]:
    """Return the PowerShell of a change's own steps, without the frame that reports how they went."""
    using = templates or Templates()
    verbs = ["remove"] if _removes(change) else []
    if change.operation != "remove":
        verbs.append("update" if change.operation == "update" else "create")
    return [str(_body(change, verb, using)) for verb in verbs]


def _v1_isolation(values: dict[str, Any]) -> dict[str, Any]:
    """Return the policies that put a network into a VLAN, and those of its subnets.

    A VSID stands in the subnet (claim c53, record a15), a VLAN at the network (moby's windows.go).
    """
    vlan, vsid = values.get("vlan"), values.get("vsid")
    return {
        "network_policies": [{"Type": "VLAN", "VLAN": vlan}] if vlan else [],
        "subnet_policies": [{"Type": "VSID", "VSID": vsid}] if vsid else [],
    }


def _hcn_subnets(values: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the subnets as HCN has them: default routes, and VLAN and VSID as policies (hcn.md 3, Network)."""
    isolation = [
        {"Type": name.upper(), "Settings": {"IsolationId": values[name]}}
        for name in ("vlan", "vsid")
        if values.get(name)
    ]
    made = []
    for subnet in values.get("subnets", []):
        six = ":" in subnet["prefix"]
        route = {"NextHop": subnet["gateway"], "DestinationPrefix": "::/0" if six else "0.0.0.0/0"}
        made.append(
            {"IpAddressPrefix": subnet["prefix"], "Routes": [route]} | ({"Policies": isolation} if isolation else {})
        )
    return made


def _hcn_dns(servers: Any, suffix: str | None) -> dict[str, Any]:
    listed = servers.split(",") if isinstance(servers, str) else list(servers or ())
    return {"Domain": suffix or "", "ServerList": listed}


def _docker_options(values: dict[str, Any]) -> list[str]:
    """Return the options of docker network create (reference: hns_schema.yaml, docker_windows.options)."""
    prefix = "com.docker.network.windowsshim."
    pools = [text for pool in values.get("mac_pools", ()) for text in (pool["start"], pool["end"])]
    given = {
        "interface": values.get("adapter"),
        "dnsservers": ",".join(values.get("dns_servers", ())),
        "dnssuffix": values.get("dns_suffix"),
        "vlanid": values.get("vlan"),
        "vsid": values.get("vsid"),
        "macpool": ",".join(pools),
    }
    return [f"{prefix}{name}={value}" for name, value in given.items() if value]


def _with_derived(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """Add what templates need in another form than the plan keeps it; templates have no filters."""
    if kind == "container_network":
        subnets = values.get("subnets", [])
        return {"waits": False, **values} | {
            "mode_word": _MODE_WORDS.get(values.get("mode", ""), values.get("mode")),
            "prefixes": [subnet["prefix"] for subnet in subnets],
            "gateways": [subnet["gateway"] for subnet in subnets],
            "dns_server_list": ",".join(values.get("dns_servers", ())),
            "path": f"/networks/{values.get('id')}",
            "docker_options": _docker_options(values),
            "hcn_type": _HCN_TYPES.get(values.get("mode", ""), values.get("mode")),
            "hcn_subnets": _hcn_subnets(values),
            "hcn_dns": _hcn_dns(values.get("dns_servers", ()), values.get("dns_suffix")),
            **_v1_isolation(values),
            "comma": Raw(","),
            "nothing": Raw(""),
        }
    if kind == "cni":
        return values | {"draft": f"{values['path']}.psnet-new", "backup": f"{values['path']}.psnet-old"}
    if kind in ("acl", "tier_acl", "network_acl", "qos", "route", "proxy", "outbound_nat"):
        made = {"remake": False, "count": len(values.get("policies", ())), **values}
        return made | {"comma": Raw(","), "nothing": Raw("")}
    if kind == "endpoint":
        message = f"there is no single network {values.get('network')}"
        dns = _hcn_dns(values.get("dns_servers"), values.get("dns_suffix"))
        blank = {"docker": False, "policies": [], "gateway": None, "prefix_length": 24, "hcn_dns": dns}
        blank |= {"remote": False, "forwarding": False}
        given = {**blank, "comma": Raw(","), "nothing": Raw(""), **values}
        return given | {"path": f"/endpoints/{values.get('id')}", "no_network_message": message}
    if kind == "reapply":
        file = f"{values['name']}.ps1"
        command = f'-NoProfile -NonInteractive -ExecutionPolicy Bypass -File "C:\\ProgramData\\psnet\\reapply\\{file}"'
        task = f"psnet-reapply-{values['name']}"
        return values | {"file": file, "command": command, "task": task, "path": f"psnet\\reapply\\{file}"}
    if kind == "load_balancer":
        return values | {"path": f"/policylists/{values.get('id')}"}
    if kind == "nat_static_mapping":
        return _with_mapping(values)
    if kind == "nat":
        return {"switch": None, **values, "interface": f"vEthernet ({values.get('switch')})"}
    return values


def _with_mapping(values: dict[str, Any]) -> dict[str, Any]:
    """Add what the templates of a port mapping's ways need."""
    if "mappings" in values:
        rows = [
            {
                "listen": f"listenaddress={item.get('address')}",
                "listen_port": f"listenport={item.get('port')}",
                "path": f"/policylists/{item.get('id')}",
                **item,
            }
            for item in values["mappings"]
        ]
        owner = next((item["endpoint"] for item in rows if "endpoint" in item), None)
        return {"remake": bool(rows), **values, "mappings": rows, "path": f"/endpoints/{owner}"}
    number = {"TCP": 6, "UDP": 17}[values["protocol"]]
    ports = [
        {
            "words": [values["protocol"], str(number)],
            "external": values["external_port"] + offset,
            "internal": values["internal_port"] + offset,
            "message": f"HNS does not publish {values['protocol']} {values['external_port'] + offset}",
        }
        for offset in values["offsets"]
    ]
    no_nat = f"no NetNat has the internal prefix {' or '.join(values.get('nat_prefixes', ()))}"
    return values | {
        "no_nat_message": no_nat,
        "nat_key": f"nat {' '.join(values.get('nat_prefixes', ()))}",
        "number": number,
        "ports": ports,
        "listen": f"listenaddress={values['external_address']}",
        "connect": f"connectaddress={values['internal_address']}",
    }
