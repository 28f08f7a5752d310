"""The asynchronous face: a program's own event loop observes, plans, applies and runs, on many hosts at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

import psnet.aio
from psnet.errors import InputError, PlanError
from psnet.site.load import load_site, parse_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

SITE = """
container_networks: [{name: web, mode: nat, subnet: 172.20.0.0/24}]
firewall_rules: [{name: "ping {{ inventory_hostname }}", direction: Inbound, action: Allow, protocol: ICMPv4}]
"""


def test_a_host_is_planned_for_applied_and_asked(psnet_lab: LabMaker) -> None:
    lab = psnet_lab("2022")

    async def work() -> None:
        (host,) = psnet.aio.hosts(lab.inventory)
        async with host:
            site = parse_site(SITE).for_host(host.name, {"inventory_hostname": host.name})
            assert (await host.plan(site)).counts()["create"] == 2
            assert [item.name for item in (await host.observe()).networks] == []
            done = await host.apply(site)
            assert {item.status for item in done.outcomes} == {"changed"}
            assert not (await host.plan(site)).changes
            heard: list[Any] = []
            said = await host.run("1; 2", on_record=heard.append)
            assert (list(said), len(heard)) == ([1, 2], 2)
            await host.put(b"there", "C:\\x.txt")
            assert await host.get("C:\\x.txt") == b"there"
            assert (await host.run("nothing-like-this")).failed

    asyncio.run(work())


def test_many_hosts_are_done_on_one_loop_and_one_that_fails_costs_no_other(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2022", count=3)
    (tmp_path / "site.yaml").write_text(SITE, encoding="utf-8")
    source = load_site(tmp_path / "site.yaml")

    async def work() -> list[Any]:
        fleet = psnet.aio.hosts(lab.inventory)
        broken = psnet.aio.AsyncHost(fleet[1].settings.model_copy(update={"port": 1}), "broken")
        hosts = [fleet[0], broken, fleet[2]]
        said = await asyncio.gather(*(host.apply(source) for host in hosts), return_exceptions=True)
        await asyncio.gather(*(host.close() for host in hosts))
        return said

    first, second, third = asyncio.run(work())
    assert [len(item.outcomes) for item in (first, third)] == [2, 2]
    assert "broken" in str(second)
    assert [[name for name in host.firewall.rules if name.startswith("ping")] for host in lab.hosts.values()] == [
        ["ping ws2022-01"],
        [],
        ["ping ws2022-03"],
    ]


def test_what_would_block_the_loop_is_refused_and_errors_are_psnets(psnet_lab: LabMaker) -> None:
    with pytest.raises(InputError, match="blocks an event loop"):
        psnet.aio.connect("winrm://admin@web01", password="p")
    lab = psnet_lab("2022")

    async def work() -> None:
        (host,) = psnet.aio.hosts(lab.inventory)
        async with host:
            bad = parse_site("container_networks: [{name: a, mode: nat, subnet: 10.0.0.0/16}]").for_host(host.name)
            with pytest.raises(PlanError):
                await host.apply(bad)

    asyncio.run(work())
