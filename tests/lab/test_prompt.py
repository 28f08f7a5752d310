"""A host at Python's prompt: things by name, cmdlets as methods, results that read like a report."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from psnet.api.interactive import interruptible
from psnet.errors import InputError, RemoteError
from psnet.report.display import shown
from psnet.report.prompt import state_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]


def test_a_network_is_made_planned_for_and_changed_by_name(psnet_lab: LabMaker) -> None:
    with psnet_lab("2022").connect() as host:
        assert repr(host.networks) == "no container_network on ws2022"
        draft = host.networks.new("web", mode="nat", subnet="172.20.0.0/24")
        assert "+ container_network web nat 172.20.0.0/24" in (shown(draft.plan()) or "")
        assert not draft.apply().failed
        web = host.networks["WEB"]
        assert web.mode == "nat"
        assert web.plan().empty
        planned = web.plan(subnet="10.9.0.0/24")
        assert [change.operation for change in planned.changes] == ["replace"]
        assert "subnets: 172.20.0.0/24 -> 10.9.0.0/24" in (shown(planned) or "")
        assert not web.apply(dns_servers=["10.0.0.53"]).failed
        assert host.networks["web"].state.dns_servers == ("10.0.0.53",)
        with pytest.raises(KeyError, match="did you mean 'web'"):
            _ = host.networks["wbe"]
        with pytest.raises(InputError, match=r"unknown field \(did you mean subnet\?\)"):
            host.networks.new("x", subent="10.0.0.0/8")


def test_mappings_endpoints_and_rules_are_there_by_name(psnet_lab: LabMaker) -> None:
    with psnet_lab("2022").connect() as host:
        host.networks.new("web", mode="nat", subnet="172.20.0.0/24").apply()
        host.endpoints.new("shop", network="web", address="172.20.0.10").apply()
        host.ps.New_NetNat(Name="inside", InternalIPInterfaceAddressPrefix="172.21.0.0/24")
        ports = {
            "protocol": "TCP",
            "external_port": "8080-8081",
            "internal_address": "172.21.0.10",
            "internal_port": 80,
        }
        with pytest.raises(InputError, match="http"):
            host.mappings.new("http", network="inside", **{**ports, "internal_port": "http"})
        assert not host.mappings.new("http", network="inside", **{**ports, "internal_port": "80-81"}).apply().failed
        assert host.mappings["http"].external_port == "8080-8081"
        assert host.mappings["http"].plan().empty
        changes = host.mappings["http"].plan(internal_port="90-91").changes
        # The firewall sees the port behind the NAT (claim c95): its rule changes with it.
        assert [(item.kind, item.operation) for item in changes] == [
            ("nat_static_mapping", "replace"),
            ("firewall_rule", "update"),
        ]
        assert host.endpoints["shop"].address == "172.20.0.10"
        rule = host.firewall_rules["psnet-mapping-http"]
        assert [item.field for item in rule.plan(enabled=False).changes[0].fields] == ["enabled"]
        html = host.networks._repr_html_() + state_html(host.observe())
        assert "172.20.0.0/24" in html
        assert "<svg" in html


def test_cmdlets_give_typed_objects_and_raise_what_powershell_says(psnet_lab: LabMaker) -> None:
    with psnet_lab("2022").connect() as host:
        made = host.ps.New_NetNat(Name="n", InternalIPInterfaceAddressPrefix="10.9.0.0/24")
        assert made[0].InternalIPInterfaceAddressPrefix == "10.9.0.0/24"
        assert [item.Name for item in host.ps.Get_NetNat()] == ["n"]
        with pytest.raises(RemoteError) as caught:
            host.ps.Get_NetNat(Name="nope")
        assert caught.value.error_id == "CmdletizationQuery_NotFound_Name,Get-NetNat"
        host.observe()  # from here on the host's build is known
        with pytest.raises(InputError, match="not on 2022"):
            host.ps.New_ContainerNetwork(Name="x", Mode="NAT")
        text = shown(host.run("Get-NetAdapter | Select-Object Name, Status; throw 'no'")) or ""
        assert text.splitlines()[0].split() == ["Name", "Status"]
        assert text.splitlines()[-1] == "error: no (no)"


def test_ctrl_c_at_a_prompt_stops_the_work_and_waits_for_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    stopped, ended = threading.Event(), threading.Event()

    def work() -> None:
        import _thread

        _thread.interrupt_main()
        stopped.wait(60)
        ended.set()

    with pytest.raises(KeyboardInterrupt):
        interruptible(work, stopped.set, "working")
    assert ended.is_set()


def test_away_from_a_prompt_work_runs_where_it_is_called() -> None:
    assert interruptible(threading.get_ident, lambda: None, "x") == threading.get_ident()
