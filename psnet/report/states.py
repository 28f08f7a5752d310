"""The observed state of a host as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import ContainerState, HostState


def state_lines(host: str, state: HostState) -> Iterator[Text]:
    """Yield a host's adapters, switches, networks with endpoints, NATs, mappings and rules."""
    facts = state.facts
    ways = [
        word
        for word, there in (
            ("containers", facts.has_container_network),
            ("hns", facts.has_hns),
            ("docker", facts.has_docker),
            ("containerd", facts.has_containerd),
        )
        if there
    ]
    heading = Text(host, style="bold")
    heading.append(f"  {facts.product}, build {facts.build}, has {', '.join(ways) or 'no backend'}", style="dim")
    yield heading
    addresses: dict[str, list[str]] = {}
    for address in state.addresses:
        addresses.setdefault(address.interface, []).append(f"{address.address}/{address.prefix_length}")
    yield from _section(
        "adapters",
        [f"{item.name}  {item.status}  {', '.join(addresses.get(item.name, []))}" for item in state.adapters],
    )
    yield from _section(
        "switches",
        [f"{item.name}  {item.type}" + (f"  {item.adapter}" if item.adapter else "") for item in state.switches],
    )
    yield from _networks(state)
    yield from _section("containers", [container_line(item) for item in state.containers])
    yield from _section(
        "CNI configuration",
        [f"{item.path}  {(item.document or {}).get('name', 'no JSON')}" for item in state.cni.files]
        if state.cni
        else [],
    )
    yield from _section("NATs", [f"{item.name}  {item.internal_prefix or ''}" for item in state.nats])
    yield from _section(
        "port mappings",
        [
            f"{item.protocol} {item.external_address}:{item.external_port}"
            f" -> {item.internal_address}:{item.internal_port}"
            for item in state.mappings
        ],
    )
    yield from _section(
        "firewall rules of psnet",
        [
            f"{item.name}  {item.direction} {item.action} {item.protocol} {item.local_ports}"
            + ("" if item.enabled else "  disabled")
            for item in state.rules
            if item.group == "psnet"
        ],
    )


def container_line(item: ContainerState) -> str:
    """Return a container in one line: its name, its pod, what runs it, isolation, addresses and published ports."""
    pod = f"  pod {item.pod_namespace}/{item.pod}" if item.pod else ""
    ports = ", ".join(f"{each.protocol} {each.external_port}->{each.internal_port}" for each in item.ports)
    words = [item.runtime, item.isolation, item.image, ", ".join(item.addresses), ports]
    return f"{item.name}{pod}  {'  '.join(word for word in words if word)}"


def _networks(state: HostState) -> Iterator[Text]:
    if not state.networks:
        return
    yield Text("  container networks", style="cyan")
    for network in state.networks:
        prefixes = ", ".join(
            subnet.prefix + (f" gateway {subnet.gateway}" if subnet.gateway else "") for subnet in network.subnets
        )
        yield Text(f"    {network.name}  {network.mode}  {prefixes}")
        for endpoint in state.endpoints:
            if endpoint.network.lower() == network.name.lower():
                yield Text(
                    f"      {endpoint.name}  {endpoint.address or 'no address'}  {endpoint.kind}"
                    + (f"  of {endpoint.owner}" if endpoint.owner else "")
                )


def _section(title: str, lines: list[str]) -> Iterator[Text]:
    if lines:
        yield Text(f"  {title}", style="cyan")
        yield from (Text(f"    {line}") for line in lines)
