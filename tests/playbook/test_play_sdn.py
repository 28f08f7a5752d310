"""psnet.sdn: a play brings the lab's Network Controller to a section of a site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psnet.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

SITE = Path(__file__).resolve().parents[2] / "examples" / "sdn" / "site.yaml"
PLAY = f"""
- name: The controller
  hosts: nc01
  gather_facts: false
  tasks:
    - name: shop
      psnet.sdn: {SITE}
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
    first = run_play(PLAY, lab)
    assert first.code == 0, first.events
    assert first.statuses() == {"shop": {"nc01": "changed"}, "guests": {"nc01": "changed"}}
    assert "/networkinterfaces/host1" in lab.controller.documents
    assert lab.controller.get("/accessControlLists/guests")["Tags"] == {"psnet": "guests"}
    again = run_play(PLAY, lab)
    assert again.statuses() == {"shop": {"nc01": "ok"}, "guests": {"nc01": "ok"}}


def test_a_mistake_in_the_section_is_found_before_the_play_begins(
    psnet_lab: Callable[..., Lab], run_play: Callable[..., Any]
) -> None:
    lab = psnet_lab("2022", controller=True)
    wrong = PLAY.replace("direction: out", "direction: up").replace("{{ sdn_rest_url }}", "https://nc.test")
    with pytest.raises(InputError) as caught:
        run_play(wrong, lab)
    assert any("one of Inbound, Outbound" in str(item) for item in caught.value.problems), caught.value.problems
    assert "/networkinterfaces/host1" not in lab.controller.documents
