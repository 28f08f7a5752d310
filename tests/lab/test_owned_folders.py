"""What SYSTEM runs and reads on a host belongs to administrators; a folder of anybody else's is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from dsc_node import Node, instances

from psnet.api import Host
from psnet.errors import PsnetError
from psnet.inventories import load_inventory
from psnet.lab.labhost import LabHost
from psnet.lab.run import write_inventory
from psnet.lab.wire.server import LabServer
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.site import Site

ROOT = "C:\\ProgramData\\psnet"
SOMEBODY = "S-1-5-21-1004336348-1177238915-682003330-1013"
OURS = "P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"


def site() -> Site:
    networks = [{"name": "web", "mode": "nat", "subnet": "172.20.0.0/24"}]
    return parse_site(yaml.safe_dump({"container_networks": networks, "reapply": [{"name": "boot"}]})).for_host("h")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LabHost, Host]]:
    model = LabHost("h", "2022")
    with LabServer([model]) as server:
        path = tmp_path_factory.mktemp("owned") / "hosts.yaml"
        with Host(load_inventory(write_inventory(server, [model], path))["h"].settings(), "h") as host:
            yield model, host


@pytest.fixture
def clean(lab: tuple[LabHost, Host]) -> Iterator[tuple[LabHost, Host]]:
    yield lab
    model, _ = lab
    for task in list(model.tasks.known):
        model.tasks.unregister(task)
    for network in list(model.hns.networks):
        model.hns.remove(network)
    if model.files.find(ROOT) is not None:
        model.files.remove(ROOT)


def test_what_psnet_makes_has_its_owner_and_permissions_from_the_start(clean: tuple[LabHost, Host]) -> None:
    model, host = clean
    assert not host.apply(site()).failed
    for path in (ROOT, f"{ROOT}\\reapply"):
        entry = model.files.find(path)
        assert entry is not None
        assert (entry.owner, entry.dacl) == ("S-1-5-32-544", OURS)
        assert {item.owner for item in (entry.children or {}).values()} == {"S-1-5-32-544"}


def test_a_folder_of_an_older_psnet_is_closed_the_next_time(clean: tuple[LabHost, Host]) -> None:
    model, host = clean
    made = model.files.make_folders(ROOT)
    assert not host.apply(site()).failed
    assert made.dacl == OURS


@pytest.mark.parametrize("planted", ["", "\\reapply", "\\runs", "\\ledger.json", "\\reapply\\boot.ps1"])
def test_what_belongs_to_somebody_else_is_refused_with_a_sentence(clean: tuple[LabHost, Host], planted: str) -> None:
    model, host = clean
    path = ROOT + planted
    if "." in planted:
        model.files.write_text(path, "{}")
    else:
        model.files.make_folders(path)
    entry = model.files.find(path)
    assert entry is not None
    entry.owner = SOMEBODY
    said = ""
    try:
        result = host.apply(site())
        said = " ".join(item.message or "" for item in result.outcomes)
    except PsnetError as error:
        said = str(error)
    assert f"{path} belongs to {SOMEBODY}, neither to administrators nor to SYSTEM" in said
    assert f'icacls "{path}" /setowner *S-1-5-32-544' in said
    assert not model.tasks.known
    assert bool(model.hns.networks) == planted.startswith("\\reapply\\")
    # The remedy is right: given to administrators, it is used.
    host.run(f'icacls "{path}" /setowner *S-1-5-32-544')
    if "." not in planted:
        assert not host.apply(site()).failed


def test_a_link_to_another_folder_is_refused(clean: tuple[LabHost, Host]) -> None:
    model, host = clean
    model.files.make_folders(ROOT).attributes.add("ReparsePoint")
    with pytest.raises(PsnetError, match="leads to another folder"):
        host.observe()
    assert model.hns.networks == []


def test_a_dsc_resource_refuses_it_too() -> None:
    node = Node("2022")
    node.host.files.make_folders(ROOT).owner = SOMEBODY
    (network,) = instances({"container_networks": [{"name": "web", "mode": "nat", "subnet": "172.20.0.0/24"}]})
    with pytest.raises(Exception, match="neither to administrators nor to SYSTEM"):
        node.set(network)
    assert node.host.hns.networks == []
