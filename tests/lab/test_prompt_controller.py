"""A Network Controller at Python's prompt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import psnet
from psnet.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

SITE = psnet.load_site(Path(__file__).resolve().parents[2] / "examples" / "sdn" / "site.yaml")


def test_it_is_planned_applied_looked_at_by_name_and_asked(psnet_lab: LabMaker) -> None:
    fleet = psnet.inventory(psnet_lab("2022", controller=True).inventory)
    nc = fleet.controller(SITE)
    assert not nc.trace("10.1.1.11", "10.1.3.12", "1433/tcp").allowed  # by the site: the web tier does not reach the db
    assert nc.trace("10.1.2.11", "10.1.3.12", "1433").allowed
    assert repr(nc.access_control_lists) == "no access_control_lists"
    assert len(nc.plan().changes) == 10
    assert not nc.apply().failed
    assert nc.plan().empty
    assert {"db", "web"} <= {item.resource_id for item in nc.access_control_lists}
    assert nc.access_control_lists["DB"].provisioning_state == "Succeeded"
    assert "made for" in repr(nc.load_balancers)
    told = repr(nc.trace("10.1.2.11", "10.1.3.12", "1433/tcp", live=True))
    assert "from-app" in told
    assert told.splitlines()[-1].startswith("allowed")
    with pytest.raises(KeyError, match="did you mean 'db'"):
        _ = nc.access_control_lists["dbb"]
    with pytest.raises(AttributeError, match="virtual_networks"):
        _ = nc.networks
    with pytest.raises(InputError, match="no port"):
        nc.trace("10.1.1.11", "10.1.3.12", "https")
    with pytest.raises(InputError, match="no Network Controller"):
        fleet.controller(psnet.parse_site("name: x\ncontainer_networks: []"))
    fleet.close()


def test_ports_of_other_hosts_are_planned_and_set_from_python(psnet_lab: LabMaker) -> None:
    """The hosts with the ports come from the fleet's inventory, or are given."""
    examples = Path(__file__).resolve().parents[2] / "examples" / "sdn"
    lab = psnet_lab(file=examples / "ports-lab.yaml")
    source = psnet.load_site(examples / "ports.yaml")
    fleet = psnet.inventory(lab.inventory)
    ports = ["hv01/web01/Network Adapter", "hv01/web02/Tenant"]
    nc, host, hyper = fleet.controller(source), fleet.host("nc01"), fleet.host("hv01")
    bare = psnet.Host(host.settings, "nc01", host.variables)

    def planned(made: psnet.Plan) -> list[str]:
        return [item.name for item in made.changes if item.kind == "sdn_port"]

    assert planned(nc.plan()) == planned(host.plan(source)) == ports
    assert planned(bare.plan(source, hosts={"hv01": hyper})) == ports
    assert planned(bare.plan(source)) == []
    done = bare.apply(source, hosts={"hv01": hyper})
    assert not done.failed, done.outcomes
    ids = [str(lab.controller.get(f"/networkInterfaces/host{number}")["InstanceId"]).lower() for number in (1, 2)]
    assert [port.carries for port in lab.hosts["hv01"].vm_adapters] == ids
    assert nc.plan().empty
    with pytest.raises(InputError, match="hv09"):
        fleet.controller(psnet.parse_site((examples / "ports.yaml").read_text().replace("hv01", "hv09"))).plan()
    bare.close()
    fleet.close()
