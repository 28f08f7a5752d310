"""Plays that need no host: refusals before anything runs, and how tasks end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from psnet.errors import InputError
from psnet.playbook.arguments import key_values
from psnet.playbook.filters.network import ipaddr, ipsubnet, nthhost
from psnet.playbook.load import load_playbook
from psnet.playbook.modules import Registry
from psnet.playbook.template import Secrets, Templar

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
INVENTORY = HERE / "oracle" / "psnet.yaml"
REFUSALS = yaml.safe_load((HERE / "refusals.yaml").read_text(encoding="utf-8"))
PLAYS = yaml.safe_load((HERE / "plays.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case["name"])
def test_what_is_wrong_is_said_with_file_line_and_remedy_before_anything_runs(
    case: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "play.yml"
    path.write_text(case["play"], encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_playbook(path, Registry(), Templar(Secrets(), [tmp_path]))
    said = str(caught.value).replace(f"{path}:", "").replace("[0].", "")
    for words in case["says"]:
        line, _colon, rest = words.partition(":")
        if line.isdigit():
            assert any(item.lstrip().startswith(f"{line}:") and rest.strip() in item for item in said.splitlines()), (
                said
            )
        else:
            assert words in said


@pytest.mark.parametrize("case", PLAYS, ids=lambda case: case["name"])
def test_tasks_end_as_they_should(case: dict[str, Any], run_play: Callable[..., Any]) -> None:
    indented = "".join(f"    {line}\n" for line in case["tasks"].splitlines())
    handlers = "".join(f"    {line}\n" for line in case.get("handlers", "[]").splitlines())
    text = f"- hosts: all\n  gather_facts: false\n  tasks:\n{indented}  handlers:\n{handlers}"
    ran = run_play(text, INVENTORY)
    found = {
        title: " ".join(hosts.get(host, "-") for host in ("a", "b", "c")) for title, hosts in ran.statuses().items()
    }
    assert found == case["ends"], [getattr(item, "result", None) for item in ran.events]
    if "hides" in case:
        assert case["hides"] not in str([item for item in ran.events if "quiet" in str(item) or "loop" in str(item)])


def test_retries_wait_on_the_clock_and_count(run_play: Callable[..., Any]) -> None:
    ran = run_play(
        """
- hosts: a
  gather_facts: false
  tasks:
    - name: tries
      fail: {msg: x}
      retries: 2
      delay: 7
      ignore_errors: true
    - name: waits
      psnet.wait_for: {host: 127.0.0.1, port: 1, timeout: 60, sleep: 20, connect_timeout: 0.2}
      ignore_errors: true
    - name: loop
      debug: {msg: "{{ item }}"}
      loop: [1, 2, 3]
      loop_control: {pause: 3}
""",
        INVENTORY,
    )
    assert ran.clock.waits == [7, 7, 0, 20, 20, 20, 3, 3]
    assert "waited 60 s for port 1" in ran.ended("waits")["a"].result["msg"]


def test_the_controller_is_localhost_and_has_no_networks(run_play: Callable[..., Any]) -> None:
    network = "mode: nat, subnet: 172.20.0.0/24"
    text = f"""
- hosts: localhost
  tasks:
    - {{name: named, assert: {{that: ansible_hostname is defined}}}}
    - {{name: one, psnet.container_network: {{name: one, {network}}}, ignore_errors: true}}
    - {{name: two, psnet.container_network: {{name: two, {network}}}}}
    - {{name: three, psnet.container_network: {{name: three, {network}}}}}
"""
    ran = run_play(text, INVENTORY)
    assert {name: hosts["localhost"] for name, hosts in ran.statuses().items()} == {
        "Gathering Facts": "ok",
        "named": "ok",
        "one": "ignored",
        "two": "failed",
    }


def test_free_lets_hosts_run_ahead_and_gives_the_same_results(run_play: Callable[..., Any]) -> None:
    text = """
- hosts: all
  gather_facts: false
  strategy: free
  tasks:
    - {name: one, debug: {msg: "{{ inventory_hostname }}"}, register: said}
    - {name: two, assert: {that: said.msg == inventory_hostname}}
    - {name: three, fail: {msg: x}, when: inventory_hostname == 'b'}
    - {name: four, debug: {msg: x}, changed_when: true, notify: handler}
  handlers:
    - {name: handler, debug: {msg: x}}
"""
    ran = run_play(text, INVENTORY)
    assert ran.code == 2
    assert ran.statuses()["three"] == {"a": "skipped", "b": "failed", "c": "skipped"}
    assert ran.statuses()["handler"] == {"a": "ok", "c": "ok"}


def test_prompts_are_asked_for_once_and_private_ones_are_masked(run_play: Callable[..., Any]) -> None:
    asked: list[tuple[str, bool]] = []

    def ask(text: str, private: bool) -> str:  # noqa: FBT001 - as it is called
        asked.append((text, private))
        return {"Password": "hunter2222"}.get(text, "")

    text = """
- hosts: a
  gather_facts: false
  vars_prompt:
    - {name: password, prompt: Password}
    - {name: user, prompt: User, private: false, default: admin}
    - {name: given, prompt: Given}
  tasks:
    - {name: known, assert: {that: [password == 'hunter' ~ '2222', user == 'admin', given == 'cli']}}
"""
    ran = run_play(text, INVENTORY, ask=ask, extra={"given": "cli"})
    assert ran.code == 0
    assert asked == [("Password", True), ("User [admin]", False)]
    with pytest.raises(InputError, match="nobody to ask"):
        run_play(text, INVENTORY)


def test_an_unreachable_host_is_lost_and_the_others_go_on(
    psnet_lab: Callable[..., Any], run_play: Callable[..., Any]
) -> None:
    from psnet.lab.wire import Fault, FaultPlan

    fault = Fault(action="unauthorized", times="always", host="ws2022-01", operation="Create")
    lab = psnet_lab("2022", count=2, faults=FaultPlan.of(fault))
    ran = run_play(
        "- hosts: all\n  tasks:\n    - {name: after, debug: {msg: x}}\n",
        lab,
    )
    assert ran.code == 4
    assert ran.statuses()["Gathering Facts"] == {"ws2022-01": "unreachable", "ws2022-02": "ok"}
    assert ran.statuses()["after"] == {"ws2022-02": "ok"}


@settings(max_examples=50)
@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_ipaddr_agrees_with_the_standard_library(address: Any, length: int) -> None:
    import ipaddress

    item = ipaddress.ip_interface(f"{address}/{length}")
    assert ipaddr(str(item), "subnet") == str(item.network)
    assert ipaddr(str(item), "netmask") == str(item.network.netmask)
    assert ipaddr(str(item), "size") == item.network.num_addresses
    assert nthhost(str(item), 0) == str(item.network.network_address)
    if length <= 30:
        assert ipsubnet(str(item.network), length + 2, 0) == str(next(item.network.subnets(2)))


@settings(max_examples=40)
@given(
    st.dictionaries(
        st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True), st.from_regex(r"[^'\"{}%\s][^'\"{}%]*", fullmatch=True)
    )
)
def test_arguments_written_as_text_are_read_back(pairs: dict[str, str]) -> None:
    text = " ".join(f'{name}="{value}"' for name, value in pairs.items())
    assert key_values(text) == pairs
