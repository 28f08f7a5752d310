"""A host as kubelet, flannel (host-gw) and kube-proxy leave it (reference: cni.md 4; claims c61, c62, c104)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from psnet.errors import LabError
from psnet.lab.host import cni
from psnet.lab.host.hns import calls, endpoints

if TYPE_CHECKING:
    from psnet.lab.host.model import Host

_NETWORK: Final = "cbr0"
#: Services as kube-proxy has them: the cluster's address, protocol number, port, the pods' port, and where they are.
_SERVICES: Final = (
    ("10.96.0.1", 6, 443, 6443, ("10.0.0.5",)),
    ("10.96.0.10", 17, 53, 53, ("10.244.0.2", "10.244.0.3")),
    ("10.96.77.20", 6, 80, 8080, ("10.244.2.7", "web")),
)


def flannel_conflist() -> dict[str, Any]:
    """Return the conflist of flannel in host-gw mode, which delegates to win-bridge."""
    # rule: flannel-conflist
    exceptions = ["10.244.0.0/16", "10.96.0.0/12", "10.0.0.0/24"]
    return {
        "name": _NETWORK,
        "cniVersion": "0.3.0",
        "plugins": [
            {
                "type": "flannel",
                "capabilities": {"portMappings": True, "dns": True},
                "delegate": {
                    "type": "win-bridge",
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


def join_cluster(host: Host, adapter: str = "Ethernet 2") -> None:
    """Make a host a node: flannel's network with the host's endpoint, pods, remote endpoints and load balancers."""
    if host.containerd is None:
        raise LabError(f"{host.name} has no containerd", remedy="make it with containerd=True")
    hns = host.hns
    subnet = {"AddressPrefix": "10.244.1.0/24", "GatewayAddress": "10.244.1.1"}
    network = hns.create(_NETWORK, "l2bridge", subnets=[subnet], adapter=adapter, made_by=2)
    # rule: flannel-host-endpoint
    own = endpoints.create_endpoint(hns, network, {"Name": f"{_NETWORK}_ep", "IPAddress": "10.244.1.2"}, made_by=2)
    endpoints.attach(hns, network, own, {"SystemType": "Host", "CompartmentId": 1})
    host.files.write_text(f"{cni.CONF}\\10-flannel.conflist", json.dumps(flannel_conflist(), indent=2))
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
                document = {"IPAddress": address, "IsRemoteEndpoint": True, "MacAddress": _mac(address)}
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


def _mac(address: str) -> str:
    return "-".join(["02", "11", *(f"{int(part):02X}" for part in address.split("."))])
