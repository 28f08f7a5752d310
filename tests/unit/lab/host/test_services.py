"""Services start and stop with what they need."""

from __future__ import annotations

import pytest

from psnet.lab.host.refusal import HostRefusal
from psnet.lab.host.services import Services


def test_docker_is_there_only_where_it_is_installed() -> None:
    assert Services.of_server().find("docker") is None
    assert Services.of_server(docker=True).running("Docker")
    assert Services.of_server(absent=["HNS"]).find("hns") is None


def test_a_service_that_others_need_stops_only_with_them() -> None:
    services = Services.of_server()
    filtering = services.find("bfe")
    assert filtering is not None
    with pytest.raises(HostRefusal) as caught:
        services.stop(filtering)
    assert caught.value.error_id == "ServiceHasDependentServices"
    assert services.running("BFE")
    assert [item["Name"] for item in services.stop(filtering, force=True)] == ["mpssvc", "BFE"]
    firewall = services.find("mpssvc")
    assert firewall is not None
    services.start(firewall)
    assert services.running("BFE")


def test_a_disabled_service_does_not_start_not_even_at_boot() -> None:
    services = Services.of_server()
    spooler = services.find("Spooler")
    assert spooler is not None
    with pytest.raises(HostRefusal) as caught:
        services.start(spooler)
    assert caught.value.error_id == "CouldNotStartService"
    services.boot()
    assert not services.running("Spooler")
    assert services.running("hns")
