"""The resources of PSNetDsc: which kinds they stand for, and what is theirs beyond the models."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from psnet.dsc.resources.model import DscClass, DscProperty
from psnet.dsc.resources.model_properties import item_model, pascal, property_of, text_keys
from psnet.planning.price import DOWNTIMES
from psnet.resources import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

MODULE: Final = "PSNetDsc"


@dataclass(frozen=True, slots=True)
class _Entry:
    """``keys`` make a thing one thing on Windows (the first field when empty); ``finds`` are required with them.

    ``skip`` are those that DSC has not, and ``downtime`` says that a change may take an endpoint from a container.

    ``filled`` are those that the resource fills in as the model does when they are left out.
    """

    noun: str
    keys: tuple[str, ...] = ()
    finds: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    backend: DscProperty | None = None
    downtime: bool = False
    reads: tuple[tuple[str, str], ...] = ()
    more: tuple[DscProperty, ...] = ()  # what DSC alone has, because the model works it out
    words: tuple[tuple[str, str], ...] = ()  # what a field means where DSC takes less than the model


#: DSC finds an endpoint on the host by itself: by less than the model, which knows a host's containers.
_TARGET: Final = ("endpoint", "the endpoint by name, or the container by its id")
_ID: Final = ("Id", "The id that HNS gave it")
_SCRIPT: Final = DscProperty(
    "Script",
    "string",
    "Write",
    "What runs as SYSTEM at each start of the host; psnet dsc compile writes it from the site; needed when Ensure is "
    "Present",
    needed=True,
)
_BACKENDS: Final = ("auto", "containers", "hns", "hcn", "docker")
_BACKEND: Final = DscProperty(
    "Backend",
    "string",
    "Write",
    "What makes it; auto takes New-ContainerNetwork where it is there and gives all that is declared, else HNS",
    values=_BACKENDS,
    default="auto",
)
_ENDPOINT_BACKEND: Final = DscProperty(
    "Backend",
    "string",
    "Write",
    "What makes it: hns, or hcn (the Host Compute Network, from Windows Server 2019 on), which host ports into "
    "l2bridge networks, ports of one address and peers of overlays take; auto is hns",
    values=("auto", "hns", "hcn"),
    default="auto",
)
_ENTRIES: Final[dict[str, _Entry]] = {
    "nat": _Entry("Nat"),
    "container_network": _Entry("ContainerNetwork", backend=_BACKEND, downtime=True, reads=(_ID,)),
    "cni": _Entry("Cni"),
    "endpoint": _Entry("Endpoint", backend=_ENDPOINT_BACKEND, downtime=True, reads=(_ID,)),
    "nat_static_mapping": _Entry(
        "NatStaticMapping",
        keys=("protocol", "external_address", "external_port"),
        finds=("name",),
        filled=("internal_port",),
        skip=("firewall",),
        downtime=True,
    ),
    "firewall_rule": _Entry("FirewallRule"),
    "acl": _Entry("EndpointAcl", words=(_TARGET,)),
    "qos": _Entry("EndpointQos", downtime=True, words=(_TARGET, ("maximum_outgoing_bandwidth", "bytes per second"))),
    "outbound_nat": _Entry("EndpointOutboundNat", downtime=True, words=(_TARGET,)),
    "route": _Entry("EndpointRoute", downtime=True, words=(_TARGET,)),
    "proxy": _Entry("EndpointProxy", words=(_TARGET,)),
    "load_balancer": _Entry(
        "LoadBalancer",
        keys=("vips", "protocol", "external_port"),
        finds=("name",),
        reads=(_ID,),
        words=(("members", "endpoints by name, or containers by their ids"),),
    ),
    "overlay_peer": _Entry("OverlayPeer", keys=("network", "subnet"), finds=("name",)),
    "ip_set": _Entry("IpSet", keys=("network", "name")),
    "network_acl": _Entry("NetworkAcl"),
    "reapply": _Entry("StartupTask", more=(_SCRIPT,)),
}
_NOT_MADE: Final = ("ics",)
_ENSURE: Final = DscProperty(
    "Ensure", "string", "Write", "Whether it is there", values=("Present", "Absent"), default="Present"
)
_DOWNTIME: Final = DscProperty(
    "AllowDowntime",
    "string",
    "Write",
    "What may go with a change, else Set refuses: none, nothing that has an endpoint; endpoints, nothing that carries "
    "a running container; all",
    values=DOWNTIMES,
    default="endpoints",
)
_REASONS: Final = DscProperty(
    "Reasons",
    "string",
    "Read",
    "Why it is not in its desired state, as machine configuration reads it; Get gives them when it is told what is "
    "declared",
    is_array=True,
    embedded="Reason",
)


@cache
def resources() -> Mapping[str, DscClass]:
    """Return the DSC resources by kind, in the order in which kinds are made."""
    return {kind: _class(kind, _ENTRIES[kind]) for kind in KINDS if kind in _ENTRIES}


def _class(kind: str, entry: _Entry) -> DscClass:
    model = KINDS[kind]
    fields = {name: info for name, info in model.model_fields.items() if name not in entry.skip}
    key, words = entry.keys or (next(iter(fields)),), dict(entry.words)
    made = [
        property_of(
            name,
            info,
            key=name in key,
            finds=name in entry.finds,
            filled=name in entry.filled,
            without=_NOT_MADE,
            told=words.get(name),
        )
        for name, info in fields.items()
    ]
    keys = [item for item in made if item.qualifier == "Key"]
    required = [item for item in made if item.qualifier == "Required"]
    rest = [item for item in made if item.qualifier == "Write"]
    reads = [DscProperty(name, "string", "Read", text) for name, text in entry.reads]
    texts = {pascal(name): text_keys(inner) for name, info in fields.items() if (inner := item_model(info))}
    more = [*([entry.backend] if entry.backend else []), *([_DOWNTIME] if entry.downtime else [])]
    first = (model.__doc__ or "").split("\n", 1)[0].replace("``", "")
    return DscClass(
        kind,
        f"PSNet_{entry.noun}",
        f"PSNet{entry.noun}",
        first,
        (*keys, *required, _ENSURE, *more, *rest, *entry.more, *reads, _REASONS),
        texts,
    )
