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
