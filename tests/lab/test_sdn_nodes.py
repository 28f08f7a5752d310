"""A controller of several nodes: what one says the others say, and a run goes on when one is down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psnet.errors import ConflictError, UnreachableError
from psnet.fleet import apply_host, plan_host
from psnet.fleet.targets import sites_for
from psnet.inventories import load_inventory
from psnet.lab.labhost import LabHost
from psnet.lab.management import management_host
from psnet.lab.run import write_inventory
from psnet.lab.wire.server import LabServer
from psnet.sdn.rest import RestClient
from psnet.sdn.target import sdn_of
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SITE = """
name: shop
sdn:
  controller:
    url: "{{ sdn_rest_url }}"
    nodes: "{{ sdn_node_urls }}"
    ca_file: "{{ sdn_ca_file }}"
    certificate_file: "{{ sdn_client_certificate }}"
    certificate_key_file: "{{ sdn_client_key }}"
    host: nc01
    backend: rest
  access_control_lists:
    - name: web
      rules: [{name: https, direction: in, action: Allow, protocol: TCP, destination_ports: PORT, priority: 100}]
"""


class Nodes:
    """A lab whose controller has three nodes."""

    def __init__(self, server: LabServer, inventory: Path) -> None:
        self.nodes = server.controllers["nc01"].nodes
        self.host = load_inventory(inventory)["nc01"]

    def site(self, port: int = 443) -> Any:
        return sites_for(parse_site(SITE.replace("PORT", str(port))), [self.host])["nc01"]

    def client(self, at: int) -> RestClient:
        controller = sdn_of(self.site()).controller
        return RestClient(controller.model_copy(update={"url": self.nodes[at].url, "nodes": ()}), "nc01")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Nodes]:
    worker = LabHost("ws2022", os="2022")
    worker.password = "S3cret"
    hosts = [worker, management_host([worker], "S3cret", nodes=3, seconds=0)]
    with LabServer(hosts) as server:
        yield Nodes(server, write_inventory(server, hosts, tmp_path / "hosts.yaml"))


def apply(lab: Nodes, port: int) -> Any:
    return apply_host(None, "nc01", lab.site(port))  # type: ignore[arg-type] # REST needs no session


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_change_between_planning_and_applying_is_seen_from_each(lab: Nodes, at: int) -> None:
    assert not apply(lab, 443).failed
    plan = plan_host(None, "nc01", lab.site(8443))  # type: ignore[arg-type] # as above
    other = lab.client(at)
    found = other.get("/accessControlLists/web")
    found["properties"]["aclRules"][0]["properties"]["destinationPortRange"] = "9443"
    other.put("/accessControlLists/web", {"properties": found["properties"]}, found["etag"])
    with pytest.raises(ConflictError, match="declared 8443, then 443, now 9443"):
        apply_host(None, "nc01", lab.site(8443), plan)  # type: ignore[arg-type] # as above


def test_a_run_goes_on_when_nodes_are_down(lab: Nodes) -> None:
    lab.nodes[0].stop()
    done = apply(lab, 443)
    assert (done.failed, done.left.changes) == (False, ())
    lab.nodes[1].stop()
    assert not apply(lab, 8443).failed
    kept = lab.client(2).get("/accessControlLists/web")["properties"]["aclRules"][0]["properties"]
    assert kept["destinationPortRange"] == "8443"
    lab.nodes[2].stop()
    with pytest.raises(UnreachableError, match="does not answer"):
        apply(lab, 443)
