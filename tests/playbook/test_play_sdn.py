"""sdn: a play brings the lab's Network Controller to a section of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plays import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

SITE = ROOT / "examples" / "sdn" / "site.yaml"
PORTS = ROOT / "examples" / "sdn" / "ports.yaml"
PLAY = f"""
- name: The controller
  hosts: nc01
  gather_facts: false
  tasks:
    - name: shop
      psnet.windows_containers.sdn: {SITE}
    - name: guests
      psnet.sdn:
        name: guests
        controller: {{url: "{{{{ sdn_rest_url }}}}", host: nc01}}
        access_control_lists:
          - name: guests
            rules: [{{name: out, direction: out, action: Allow, priority: 100}}]
"""


def test_a_play_converges_the_controller_and_finds_nothing_to_do_again(
    psnet_lab: Callable[..., Lab], run_play: Callable[..., Any]
) -> None:
    lab = psnet_lab("2022", controller=True)
    wrong = run_play(
        PLAY.replace("direction: out", "direction: up").replace("{{ sdn_rest_url }}", "https://nc.test"), lab
    )
    assert wrong.code == 4
    assert "one of Inbound, Outbound" in wrong.text
    assert "play.yml:14:" in wrong.text
    assert "/networkinterfaces/host1" not in lab.controller.documents
    first = run_play(PLAY, lab)
    assert first.code == 0, first.text
    assert first.statuses() == {"shop": {"nc01": "changed"}, "guests": {"nc01": "changed"}}
    assert "/networkinterfaces/host1" in lab.controller.documents
    assert lab.controller.get("/accessControlLists/guests")["Tags"] == {"psnet": "guests"}
    again = run_play(PLAY, lab)
    assert again.statuses() == {"shop": {"nc01": "ok"}, "guests": {"nc01": "ok"}}


def test_a_play_sets_the_ports_of_other_hosts(psnet_lab: Callable[..., Lab], run_play: Callable[..., Any]) -> None:
    """The controller's interfaces are enforced where a port of a Hyper-V host carries their instance ids."""
    lab = psnet_lab(file=ROOT / "examples" / "sdn" / "ports-lab.yaml")
    tasks = f"[{{name: tiers, psnet.windows_containers.sdn: {{file: {PORTS}}}}}]"
    play = f"- {{hosts: nc01, gather_facts: false, tasks: {tasks}}}\n"
    tried = run_play(play, lab, "--check", "--diff")
    assert tried.code == 0, tried.text
    assert tried.statuses() == {"tiers": {"nc01": "changed"}}
    assert [port.carries for port in lab.hosts["hv01"].vm_adapters] == ["", ""]
    done = run_play(play, lab)
    assert done.code == 0, done.text
    ids = [str(lab.controller.get(f"/networkInterfaces/host{number}")["InstanceId"]).lower() for number in (1, 2)]
    assert [port.carries for port in lab.hosts["hv01"].vm_adapters] == ids
    assert run_play(play, lab).statuses() == {"tiers": {"nc01": "ok"}}
    lost = run_play(play.replace(str(PORTS), str(_elsewhere(lab))), lab)
    assert lost.code == 2
    assert "the inventory has no host hv09, on which this changes ports" in lost.text


def _elsewhere(lab: Lab) -> Any:
    path = lab.inventory.parent / "elsewhere.yaml"
    path.write_text(PORTS.read_text(encoding="utf-8").replace("host: hv01", "host: hv09"), encoding="utf-8")
    return path
