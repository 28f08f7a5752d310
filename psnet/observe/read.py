"""The observe script, and the state that its output says."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import ValidationError

from psnet._internal.validation_messages import answer_fault
from psnet.errors import HostError
from psnet.observe.cni import read_cni
from psnet.observe.containers import join_containers
from psnet.observe.hypervisor import name_hypervisor
from psnet.powershell import Templates
from psnet.powershell.compact import compacted
from psnet.resources.firewall_rule import PSNET_GROUP
from psnet.state import HostState
from psnet.types import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_ATTACHED = (2, 3)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_KNOWN: Final = "<known>"


class ObserveScope(NamedTuple):
    """What a site is about beyond what is read of every host.

    ``rules`` are firewall rules beside psnet's own; ``networks`` and ``endpoints`` ask for what HCN's documents of
    networks and of endpoints alone show; ``forwarding`` for the interfaces that forward; ``health`` for what only a
    doctor asks for. Without ``ports`` it is not asked which ports are reserved and which are listened on.
    """

    rules: tuple[str, ...] = ()
    networks: bool = False
    endpoints: bool = False
    forwarding: bool = False
    health: bool = False
    ports: bool = True


_NOTHING: Final = ObserveScope()


def observe_script(interest: ObserveScope = _NOTHING, *, known: str = "", compact: bool = False) -> str:
    """Return the script that reads a host: what is read of every host, and what a site is about.

    A host whose state has the digest ``known`` sends that digest and no state. A ``compact`` one is for hosts alone.
    """
    body, last = _script(interest, compact)
    return body + last.replace(_KNOWN, known if _DIGEST.fullmatch(known) else "")


@lru_cache(maxsize=64)
def _script(interest: ObserveScope, compact: bool) -> tuple[str, str]:  # noqa: FBT001 - a key of the cache
    """Return the lines but the last, which a fleet has in common, and the last, which says what is known."""
    using = Templates()
    names = ["hns", "property", "folder", "ledger", "lease_read", "containerd", "cni_setting", "cni_read", "firewall"]
    names += ["hcn_result", "hcn_policy"] if interest.networks or interest.endpoints else []
    names += ["health"] if interest.health else []
    functions = [using.render(f"lib/{name}.ps1.j2") for name in names]
    text = str(
        using.render(
            "observe.ps1.j2",
            functions=functions,
            group=PSNET_GROUP,
            rule_names=list(interest.rules),
            hcn_networks=interest.networks,
            hcn_endpoints=interest.endpoints,
            forwarding=interest.forwarding,
            ports=interest.ports,
            known=_KNOWN,
            health=interest.health,
        )
    )
    if compact:
        text = compacted(text)
    body, end, last = text.rstrip("\n").rpartition("\n")
    return body + end, f"{last}\n"


def digest_of(lines: Sequence[str]) -> str:
    """Return the digest of its state that the host sent, empty when it sent none."""
    return lines[-1] if lines and _DIGEST.fullmatch(lines[-1]) else ""


def read_state(lines: Iterable[str], host: str) -> HostState:
    """Return the state from what the observe script printed; raise HostError when that is no state."""
    given = [line.strip() for line in lines]
    text = "".join(line for line in given if not _DIGEST.fullmatch(line))
    try:
        return HostState.model_validate({**_canonical(json.loads(text)), "digest": digest_of(given)})
    except (ValueError, ValidationError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise HostError(
            f"what the host answered is not a state: {answer_fault(error)}",
            host=host,
            step="observing",
            remedy="run `psnet observe --script` by hand on the host and compare",
        ) from error


def _canonical(data: dict[str, Any]) -> dict[str, Any]:
    """Bring the spelling of different builds to one form."""
    name_hypervisor(data["facts"])
    for network in data["networks"]:
        word = str(network["mode"])
        network["mode"] = next((mode.value for mode in Mode if mode.value == word.lower()), word)
        network["dns_servers"] = [server.strip() for server in network["dns_servers"] if server]
        network["dns_suffix"] = network["dns_suffix"] or None
        network["adapter"] = network["adapter"] or None
        network["subnets"] = [subnet for subnet in network["subnets"] if subnet["prefix"]]
    for endpoint in data["endpoints"]:
        machine = endpoint.pop("virtual_machine", None)
        attached = "synthetic VM NIC" if machine else "host vNIC"
        on_host = endpoint.get("state") in _ATTACHED
        endpoint["kind"] = attached if endpoint["containers"] or machine or on_host else "unattached"
    join_containers(data)
    read_cni(data)
    for rule in data["rules"]:
        for name in ("icmp_types", "interface_aliases"):
            rule[name] = sorted(str(item) for item in rule[name])
        for name in ("program", "service", "interface_type"):
            rule[name] = rule[name] or "Any"
    return data
