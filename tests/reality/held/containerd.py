"""containerd's programs and the lists that nerdctl writes."""

from __future__ import annotations

import json
import re

from psnet.lab.host.cni import CONF
from psnet.lab.host.containerd import KUBERNETES
from psnet.lab.host.containerd_cli import run_ctr
from psnet.lab.labhost import LabHost
from reality.claims import claim

CONFLIST = f"{CONF}\\nerdctl-nat.conflist"
LIST = {"cniVersion": "0.3.0", "name": "nat", "plugins": [{"type": "nat", "capabilities": {"portMappings": True}}]}


def ctr(host: LabHost, line: str) -> list[str]:
    answer = run_ctr(host, line.split(), [])
    assert answer.code == 0, answer.error
    return answer.out


@claim("c91")
def nerdctls_own_list_publishes_nothing_and_has_a_gateway_of_its_own() -> None:
    host = LabHost("a", "2022", containerd=True)
    assert host.containerd is not None
    host.hns.create("nat", "nat", subnets=[{"AddressPrefix": "172.20.0.0/24", "GatewayAddress": "172.20.0.1"}])
    host.containerd.run("web", ports=[(8080, 80, "tcp")])
    text = host.files.read(CONFLIST).decode()
    (plugin,) = json.loads(text)["plugins"]
    assert "capabilities" not in plugin
    (route,) = plugin["ipam"]["routes"]
    assert route["gateway"] not in {subnet.gateway for item in host.hns.networks for subnet in item.subnets}
    assert host.nat.published == []


@claim("c134")
def ctr_shows_one_namespace_at_a_time() -> None:
    host = LabHost("a", "2022", containerd=True)
    assert host.containerd is not None
    host.hns.create("nat", "nat", subnets=[{"AddressPrefix": "172.20.0.0/24", "GatewayAddress": "172.20.0.1"}])
    host.files.write_text(f"{CONF}\\nat.conflist", json.dumps(LIST))
    pod = host.containerd.run_pod("web")
    assert ctr(host, "tasks ls -q") == []
    shown = ctr(host, f"--namespace {KUBERNETES} tasks ls -q")
    assert sorted(shown) == sorted(item.id for item in pod)
    assert all(re.fullmatch("[0-9a-f]{64}", line) for line in shown)
