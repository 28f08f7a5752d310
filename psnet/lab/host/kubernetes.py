"""A host as kubelet, flannel (host-gw or vxlan) and kube-proxy leave it (reference: cni.md 4; claims c54, c61, c62)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from psnet.errors import LabError
from psnet.lab.host import cni
from psnet.lab.host.hns import calls, endpoints

if TYPE_CHECKING:
    from psnet.lab.host.hns.objects import Network
    from psnet.lab.host.model import Host

_NETWORKS: Final = {"host-gw": "cbr0", "vxlan": "vxlan0"}
_VNI: Final = 4096
#: The other nodes' part of the pods' network, and the address of the node that has it.
_ELSEWHERE: Final = ("10.244.2.0/24", "192.168.10.12")
#: Services as kube-proxy has them: the cluster's address, protocol number, port, the pods' port, and where they are.
_SERVICES: Final = (
    ("10.96.0.1", 6, 443, 6443, ("10.0.0.5",)),
    ("10.96.0.10", 17, 53, 53, ("10.244.0.2", "10.244.0.3")),
    ("10.96.77.20", 6, 80, 8080, ("10.244.2.7", "web")),
)


def flannel_conflist(backend: str = "host-gw") -> dict[str, Any]:
    """Return the conflist of flannel, which delegates to win-bridge (host-gw) or win-overlay (vxlan)."""
    # rule: flannel-conflist
    exceptions = ["10.244.0.0/16", "10.96.0.0/12", "10.0.0.0/24"]
    return {
        "name": _NETWORKS[backend],
        "cniVersion": "0.3.0",
        "plugins": [
            {
                "type": "flannel",
                "capabilities": {"portMappings": True, "dns": True},
                "delegate": {
                    "type": "win-bridge" if backend == "host-gw" else "win-overlay",
                    "apiVersion": 2,
                    "dns": {"nameservers": ["10.96.0.10"], "search": ["svc.cluster.local"]},
                    "policies": [
                        {
                            "name": "EndpointPolicy",
                            "value": {"Type": "OutBoundNAT", "Settings": {"Exceptions": exceptions}},
                        }
                    ],
                },
            }
        ],
    }


def join_cluster(host: Host, adapter: str = "Ethernet 2", *, backend: str = "host-gw") -> None:
    """Make a host a node: flannel's network, pods, remote endpoints and load balancers.

    ``backend`` is flannel's: host-gw, an l2bridge with an endpoint of the host's, or vxlan, an overlay.
    """
    if host.containerd is None:
        raise LabError(f"{host.name} has no containerd", remedy="make it with containerd=True")
    hns = host.hns
    network = (_bridge if backend == "host-gw" else _overlay)(host, adapter)
    host.files.write_text(f"{cni.CONF}\\10-flannel.conflist", json.dumps(flannel_conflist(backend), indent=2))
    host.files.write_text(
        "C:\\Program Files\\containerd\\config.toml",
        f'version = 2\n[plugins."io.containerd.grpc.v1.cri".cni]\n  bin_dir = "{cni.BIN}"\n'.replace("\\", "\\\\")
        + f'  conf_dir = "{cni.CONF}"\n'.replace("\\", "\\\\"),
    )
    pods = host.containerd
    pods.run_pod("web-6c9f", ("app", "sidecar"), labels={"app": "web"})
    pods.run_pod("web-7d21", labels={"app": "web"})
    pods.run_pod("log-agent", ("agent",), pod_namespace="kube-system", labels={"app": "log"})
    web = next(item.endpoint for item in pods.tasks.values() if item.name == "web-6c9f")
    remote: dict[str, str] = {}
    for vip, protocol, port, inner, members in _SERVICES:
        for address in members:
            if address != "web" and address not in remote:
                # rule: kube-proxy-remote-endpoints
                document: dict[str, Any] = {"IPAddress": address, "IsRemoteEndpoint": True, "MacAddress": _mac(address)}
                if backend == "vxlan":
                    document["Policies"] = [{"Type": "PA", "PA": _ELSEWHERE[1]}]
                remote[address] = endpoints.create_endpoint(hns, network, document, made_by=2).id
        # rule: kube-proxy-load-balancers
        policy = {
            "Type": "ELB",
            "Protocol": protocol,
            "InternalPort": inner,
            "ExternalPort": port,
            "VIPs": [vip],
            "ILB": False,
            "IsDSR": True,
        }
        references = [f"/endpoints/{remote.get(member, web)}" for member in members]
        calls.create_list(hns, references, [policy], made_by=2)


def _bridge(host: Host, adapter: str) -> Network:
    hns, name = host.hns, _NETWORKS["host-gw"]
    subnet = {"AddressPrefix": "10.244.1.0/24", "GatewayAddress": "10.244.1.1"}
    network = hns.create(name, "l2bridge", subnets=[subnet], adapter=adapter, made_by=2)
    # rule: flannel-host-endpoint
    own = endpoints.create_endpoint(hns, network, {"Name": f"{name}_ep", "IPAddress": "10.244.1.2"}, made_by=2)
    endpoints.attach(hns, network, own, {"SystemType": "Host", "CompartmentId": 1})
    return network


def _overlay(host: Host, adapter: str) -> Network:
    # rule: flannel-overlay
    subnet = {"AddressPrefix": "10.244.1.0/24", "GatewayAddress": "10.244.1.1"}
    policies = [{"Type": "VSID", "VSID": _VNI}]
    prefix, node = _ELSEWHERE
    route = {"DestinationPrefix": prefix, "IsolationId": _VNI, "ProviderAddress": node}
    return host.hns.create(
        _NETWORKS["vxlan"],
        "overlay",
        subnets=[{**subnet, "Policies": policies}],
        adapter=adapter,
        policies=[
            {"Type": "HostRoute"},
            {"Type": "RemoteSubnetRoute", **route, "DistributedRouterMacAddress": _mac(node)},
        ],
        flags=8,
        made_by=2,
    )


def _mac(address: str) -> str:
    return "-".join(["02", "11", *(f"{int(part):02X}" for part in address.split("."))])
