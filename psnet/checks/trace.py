"""Trace a host's port to its container in the observed state: each step with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from psnet._internal.model import Model
from psnet.resources.delivery import published_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from psnet.state import EndpointState, HostState

Verdict = Literal["open", "shut", "unknown"]
_NUMBERS: Final = {"TCP": "6", "UDP": "17"}
_BUILD_2025: Final = 26100


class TraceStep(Model):
    """One step: what it is, what it says of the packet, and where that is known from."""

    kind: Literal["port", "nat", "firewall", "endpoint", "acl", "container"]
    verdict: Verdict
    says: str
    evidence: str


class Trace(Model):
    """The steps in the order of a packet from outside; ``verdict`` is shut when one is, else the least known."""

    host: str
    port: int
    protocol: Literal["TCP", "UDP"]
    steps: tuple[TraceStep, ...]

    @property
    def verdict(self) -> Verdict:
        """Whether the port leads to a container, as far as what was read can tell."""
        words = [step.verdict for step in self.steps]
        return "shut" if "shut" in words else "unknown" if "unknown" in words else "open"


class _Lead(NamedTuple):
    address: str
    port: int
    way: str
    step: TraceStep


def trace(state: HostState, host: str, port: int, protocol: Literal["TCP", "UDP"]) -> Trace:
    """Return the way of a port from outside the host."""
    return Trace(host=host, port=port, protocol=protocol, steps=tuple(_steps(state, port, protocol)))


def _steps(state: HostState, port: int, protocol: str) -> Iterator[TraceStep]:
    lead = next(_leads(state, port, protocol), None)
    if lead is None:
        yield _nobody(state, port, protocol)
        return
    yield lead.step
    yield _firewall(state, port if lead.way == "portproxy" else lead.port, protocol)
    endpoint = next((item for item in state.endpoints if item.address == lead.address and not item.remote), None)
    if endpoint is None:
        said = f"no endpoint of this host has {lead.address}: a machine of that address would have to answer"
        yield TraceStep(kind="endpoint", verdict="unknown", says=said, evidence="HNS GET /endpoints/")
        return
    said = f"{endpoint.name} ({lead.address}) on {endpoint.network}"
    yield TraceStep(kind="endpoint", verdict="open", says=said, evidence=f"HNS endpoint {endpoint.id}")
    yield _acl(state, endpoint, lead.port, protocol)
    yield _container(state, endpoint, lead.port, protocol)


def _nobody(state: HostState, port: int, protocol: str) -> TraceStep:
    reserved = next(
        (item for item in state.exclusions if item.protocol.name == protocol and item.first <= port <= item.last), None
    )
    listener = next((item for item in state.listeners if (item.protocol, item.port) == (protocol, port)), None)
    if listener is not None:
        said = f"the host's own {listener.process or 'process'} listens on {protocol} {port}, and nothing leads it on"
        return TraceStep(kind="port", verdict="shut", says=said, evidence="Get-NetTCPConnection, Get-NetUDPEndpoint")
    said = (
        f"nothing leads {protocol} {port} anywhere: no static mapping, no endpoint's policy, no portproxy, no balancer"
    )
    said += f"; Windows reserves {reserved.first}-{reserved.last}" if reserved else ""
    return TraceStep(kind="port", verdict="shut", says=said, evidence="WinNAT, HNS, netsh interface portproxy")


def _leads(state: HostState, port: int, protocol: str) -> Iterator[_Lead]:
    """Yield where a port leads, by every way that there is."""
    for item in state.mappings:
        if (item.protocol.name, item.external_port) == (protocol, port):
            ends = f"{item.external_address}:{port} to {item.internal_address}:{item.internal_port}"
            said = f"WinNAT's {item.nat} leads {ends}"
            step = TraceStep(kind="nat", verdict="open", says=said, evidence=f"Get-NetNatStaticMapping {item.id}")
            yield _Lead(item.internal_address, item.internal_port, "netnat", step)
    for endpoint in state.endpoints:
        for one in published_by(endpoint):
            if (one.protocol, one.external_port) == (protocol, port) and endpoint.address and not endpoint.remote:
                said = f"HNS publishes {port} of the host for {endpoint.address}:{one.internal_port}"
                step = TraceStep(
                    kind="nat", verdict="open", says=said, evidence=f"policy of HNS endpoint {endpoint.id}"
                )
                yield _Lead(endpoint.address, one.internal_port, "endpoint", step)
    for proxy in state.port_proxies:
        if (protocol, proxy.listen_port) == ("TCP", port):
            stopped = "iphlpsvc" in state.facts.stopped_services
            said = f"portproxy leads {proxy.listen_address}:{port} to {proxy.connect_address}:{proxy.connect_port}"
            said += "; the IP Helper service, which carries it, does not run" if stopped else ""
            verdict: Verdict = "shut" if stopped else "open"
            step = TraceStep(kind="nat", verdict=verdict, says=said, evidence="netsh interface portproxy show v4tov4")
            yield _Lead(proxy.connect_address, proxy.connect_port, "portproxy", step)
    yield from _balanced(state, port, protocol)


def _balanced(state: HostState, port: int, protocol: str) -> Iterator[_Lead]:
    """Yield where load balancers without an address in front lead a port."""
    addresses = {item.id.lower(): item.address for item in state.endpoints}
    for balancer in state.policy_lists:
        for policy in balancer.policies:
            front = [vip for vip in policy.get("VIPs") or () if vip]
            same = str(policy.get("Protocol")) == _NUMBERS[protocol] and policy.get("ExternalPort") == port
            member = next((addresses.get(each.lower()) for each in balancer.endpoints), None)
            if policy.get("Type") == "ELB" and same and not front and member:
                said = f"an HNS load balancer leads {port} to {len(balancer.endpoints)} endpoints"
                step = TraceStep(kind="nat", verdict="open", says=said, evidence=f"HNS policy list {balancer.id}")
                yield _Lead(member, int(policy.get("InternalPort") or port), "load_balancer", step)


def _firewall(state: HostState, port: int, protocol: str) -> TraceStep:
    """Say what the rules that were read say: the firewall sees the container's port (claim c95)."""
    mine = [
        rule
        for rule in state.rules
        if rule.enabled
        and rule.direction == "Inbound"
        and rule.protocol.name in (protocol, "Any")
        and ports_hold(rule.local_ports.plain(), port)
    ]
    block = next((rule for rule in mine if rule.action == "Block"), None)
    allow = next((rule for rule in mine if rule.action == "Allow"), None)
    if block is not None:
        said = f"rule {block.name} blocks {protocol} {port} from {_text(block.remote_addresses)}"
        return TraceStep(kind="firewall", verdict="shut", says=said, evidence=f"firewall rule {block.name}")
    if allow is not None:
        profiles = "" if str(allow.profiles) == "Any" else f", on networks of the profiles {allow.profiles}"
        said = f"rule {allow.name} lets {protocol} {port} in from {_text(allow.remote_addresses)}{profiles}"
        return TraceStep(kind="firewall", verdict="open", says=said, evidence=f"firewall rule {allow.name}")
    said = f"no rule of psnet or of a container network lets {protocol} {port} in; other rules are not read"
    return TraceStep(kind="firewall", verdict="unknown", says=said, evidence="firewall rules of container networks")


def _text(value: Any) -> str:
    plain = value.plain()
    listed = plain if isinstance(plain, list | tuple) else [plain]
    return ", ".join("any address" if each == "Any" else str(each) for each in listed)


def ports_hold(listed: Any, port: int) -> bool:
    """Say whether ports as they are written hold a port."""
    for part in listed if isinstance(listed, list | tuple) else str(listed).split(","):
        first, _, last = str(part).strip().partition("-")
        if first == "Any" or (first.isdigit() and int(first) <= port <= int(last or first)):
            return True
    return False


def _acl(state: HostState, endpoint: EndpointState, port: int, protocol: str) -> TraceStep:
    """Say what the endpoint's own list says: of rules that fit, the one of the lowest priority."""
    strict = state.facts.build >= _BUILD_2025
    return acl_step(endpoint.policies, port, protocol, f"ACL policies of HNS endpoint {endpoint.id}", strict=strict)


def acl_step(
    policies: Iterable[dict[str, Any]], port: int, protocol: str, evidence: str, *, strict: bool = False
) -> TraceStep:
    """Return what an endpoint's policies say of a port; where it is ``strict``, what no rule fits is dropped."""
    every = [item for item in policies if item.get("Type") == "ACL"]
    coming = [item for item in every if item.get("Direction") == "In" and _fits(item, port, protocol)]
    if coming:
        first = min(coming, key=lambda item: int(item.get("Priority") or 0))
        who = str(first.get("RemoteAddresses") or "anywhere")
        said = f"{first.get('Action')} {protocol} {port} from {who}, priority {first.get('Priority')}"
        shut = first.get("Action") == "Block"
        partly = bool(first.get("RemoteAddresses"))
        return TraceStep(
            kind="acl", verdict="unknown" if partly else "shut" if shut else "open", says=said, evidence=evidence
        )
    if not every:
        return TraceStep(kind="acl", verdict="open", says="the endpoint has no access control list", evidence=evidence)
    said = "no rule of the endpoint's list fits" + (": Windows Server 2025 then drops it" if strict else "")
    return TraceStep(kind="acl", verdict="shut" if strict else "unknown", says=said, evidence=evidence)


def _fits(item: dict[str, Any], port: int, protocol: str) -> bool:
    protocols = str(item.get("Protocols") or item.get("Protocol") or "")
    ports = str(item.get("LocalPorts") or item.get("LocalPort") or "")
    return (not protocols or _NUMBERS[protocol] in protocols.split(",")) and (not ports or ports_hold(ports, port))


def _container(state: HostState, endpoint: EndpointState, port: int, protocol: str) -> TraceStep:
    held = next((item for item in state.containers if endpoint.id in item.endpoints), None)
    if held is not None:
        name = f"pod {held.pod_namespace}/{held.pod}" if held.pod else f"container {held.name}"
        said = f"{name} ({held.image or held.runtime}) runs; whether it listens on {protocol} {port} only it knows"
        return TraceStep(kind="container", verdict="open", says=said, evidence=f"{held.runtime} {held.id[:12]}")
    if endpoint.containers or endpoint.kind == "host vNIC":
        what = f"container {endpoint.containers[0][:12]}" if endpoint.containers else "the host itself"
        return TraceStep(kind="container", verdict="open", says=f"{what} is attached", evidence="HNS SharedContainers")
    said = "nothing is attached to the endpoint: no container runs behind it"
    return TraceStep(kind="container", verdict="shut", says=said, evidence="HNS SharedContainers, EndpointState")
