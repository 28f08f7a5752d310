"""Tasks of resources end to end: the lab's hosts have what the plays say, in as few pipelines as possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.wire import Fault, FaultPlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

WEB = """
- name: Web hosts
  hosts: all
  gather_facts: false
  vars: {ports: [8080, 8081]}
  module_defaults:
    group/psnet.windows_containers.resources: {confirm_within: 60}
  tasks:
    - name: network
      psnet.nat: {name: web, prefix: 172.20.0.0/24, switch: web}
    - name: mappings
      psnet.nat_static_mapping:
        name: "p{{ item }}"
        network: web
        protocol: TCP
        external_port: "{{ item }}"
        internal_address: 172.20.0.10
        internal_port: 80
        firewall: "{{ 'false' }}"
      loop: "{{ ports }}"
    - name: ping
      psnet.windows_containers.firewall_rule:
        {name: ping, direction: Inbound, action: Allow, protocol: ICMPv4, icmp_types: ["8"]}
"""
GONE = """
- hosts: all
  gather_facts: false
  tasks:
    - name: mapping gone
      psnet.nat_static_mapping: {name: p8080, state: absent}
    - name: rule gone
      psnet.firewall_rule: {name: ping, state: absent}
    - name: network gone
      psnet.nat: {name: web, state: absent}
"""


def pipelines(lab: Lab, host: str) -> int:
    """Return how many pipelines a host has run."""
    return int(lab.server.stats(host).operations["Command"])


def test_tasks_that_follow_each_other_go_together_and_are_told_one_by_one(
    psnet_lab: Callable[..., Lab], run_play: Callable[..., Any]
) -> None:
    lab = psnet_lab("2022")
    looked = run_play(WEB, lab, "--check", "--diff")
    assert looked.code == 0, looked.text
    assert looked.statuses() == {name: {"ws2022": "changed"} for name in ("network", "mappings", "ping")}
    assert "172.20.0.0/24" in looked.result("network")["diff"][0]["prepared"]
    host = lab.hosts["ws2022"]
    assert not host.nat.nats
    before = pipelines(lab, "ws2022")
    ran = run_play(WEB, lab)
    assert ran.code == 0, ran.text
    assert pipelines(lab, "ws2022") - before == 3  # observe, apply, verify for three tasks and four resources
    assert ran.statuses() == looked.statuses()
    items = ran.result("mappings")["results"]
    assert [(item["item"], item["changes"][0]["name"]) for item in items] == [(8080, "p8080"), (8081, "p8081")]
    assert [nat.name for nat in host.nat.nats] == ["web"]
    assert sorted(mapping.external_port for mapping in host.nat.mappings) == [8080, 8081]
    assert "psnet-mapping-p8080" not in host.firewall.rules  # the text "false" is false
    again = run_play(WEB + GONE, lab)
    assert {name: told["ws2022"] for name, told in again.statuses().items()} == {
        **dict.fromkeys(("network", "mappings", "ping"), "ok"),
        **dict.fromkeys(("mapping gone", "rule gone", "network gone"), "changed"),
    }
    # Nothing to do is one look at the host; each removal goes for itself.
    assert pipelines(lab, "ws2022") - before == 4 + 3 * 3
    assert not host.nat.nats
    assert "ping" not in host.firewall.rules


def test_what_looks_at_an_answer_waits_for_it(psnet_lab: Callable[..., Lab], run_play: Callable[..., Any]) -> None:
    lab = psnet_lab("2022")
    ran = run_play(
        """
- hosts: all
  gather_facts: false
  vars: {indirect: "{{ second.changed }}", rule: {direction: Inbound, action: Allow, protocol: ICMPv4}}
  tasks:
    - {name: one, psnet.firewall_rule: {name: one}, args: "{{ rule }}", register: first}
    - {name: two, psnet.firewall_rule: {name: two}, args: "{{ rule }}", register: second}
    - {name: three, psnet.firewall_rule: {name: three}, args: "{{ rule }}", when: indirect}
    - {name: four, psnet.firewall_rule: {name: four}, args: "{{ rule }}", failed_when: false}
    - {name: five, psnet.firewall_rule: {name: five}, args: "{{ rule }}", ignore_errors: true}
    - {name: six, psnet.firewall_rule: {name: six}, args: "{{ rule }}", until: true, retries: 1}
""",
        lab,
    )
    names = ("one", "two", "three", "four", "five", "six")
    assert ran.statuses() == {name: {"ws2022": "changed"} for name in names}
    # one and two together, then three (whose condition looks at two), then each of the others for itself
    assert pipelines(lab, "ws2022") == 5 * 3


def test_check_mode_counts_what_the_tasks_before_would_have_made(
    psnet_lab: Callable[..., Lab], run_play: Callable[..., Any]
) -> None:
    lab = psnet_lab("2022")
    ran = run_play(
        """
- hosts: all
  gather_facts: false
  vars:
    mapping:
      {name: http, network: web, protocol: TCP, external_port: 8080, internal_address: 172.20.0.10, internal_port: 80}
  tasks:
    - {name: network, psnet.nat: {name: web, prefix: 172.20.0.0/24, switch: web}, register: made}
    - {name: mapping, psnet.nat_static_mapping: "{{ mapping }}", when: made.changed}
    - {name: same again, psnet.nat_static_mapping: "{{ mapping }}", register: again}
    - name: a site over it
      psnet.site:
        nat_static_mappings:
          - {name: dns, network: web, protocol: UDP, external_port: 53, internal_port: 53, internal_address: 172.20.0.5}
      when: not again.changed
    - {name: gone, psnet.nat_static_mapping: {name: http, state: absent}}
    - {name: nowhere, psnet.nat_static_mapping: "{{ mapping | combine({'name': 'x', 'network': 'nowhere'}) }}"}
""",
        lab,
        "--check",
    )
    assert {name: told["ws2022"] for name, told in ran.statuses().items()} == {
        "network": "changed",
        "mapping": "changed",
        "same again": "ok",
        "a site over it": "changed",
        "gone": "changed",
        "nowhere": "failed",
    }
    assert "no nat network or NAT nowhere" in ran.result("nowhere")["msg"]
    assert not lab.hosts["ws2022"].nat.nats


def test_a_task_after_one_that_failed_is_not_done(psnet_lab: Callable[..., Lab], run_play: Callable[..., Any]) -> None:
    fault = Fault(action="fail", cmdlet="Add-NetNatStaticMapping", error_id="X", times="always")
    lab = psnet_lab("2022", faults=FaultPlan.of(fault))
    ran = run_play(WEB, lab)
    assert ran.code == 2
    assert ran.statuses() == {"network": {"ws2022": "changed"}, "mappings": {"ws2022": "failed"}}
    assert "ping" not in lab.hosts["ws2022"].firewall.rules
    failed = ran.result("mappings")["results"]
    assert [item["failed"] for item in failed] == [True, True]
    assert "X" in failed[0]["msg"]
    assert any("failed: create nat_static_mapping p8080" in line for line in ran.recap)


def test_scripts_keywords_and_refusals(psnet_lab: Callable[..., Lab], run_play: Callable[..., Any]) -> None:
    lab = psnet_lab("2022")
    ran = run_play(
        """
- hosts: all
  gather_facts: false
  tasks:
    - name: typed
      psnet.powershell:
        script: |
          param([int] $Port, [string] $Text)
          $PSNet.Changed = $false
          $PSNet.Result = [ordered]@{ port = $Port + 1; text = $Text }
          1, 'two'
        parameters: {Port: 8080, Text: "it's $(Get-Date) \u2019"}
      register: said
    - name: result
      ansible.builtin.assert:
        that:
          - said.output == [1, 'two']
          - said.result.port == 8081
          - said.result.text == "it's $(Get-Date) \u2019"
    - name: free text
      psnet.powershell: "$PSNet.Changed = $false"
    - name: guarded
      psnet.powershell: {script: "throw 'never'", creates: 'C:\\Windows'}
    - name: only if
      psnet.powershell: {script: "throw 'never'", only_if: "$false"}
    - name: its own failure
      psnet.powershell: {script: "$PSNet.Failed = $true; $PSNet.Message = 'no luck'"}
      ignore_errors: true
      register: own
    - name: thrown
      psnet.powershell: {script: "Get-Item -LiteralPath C:\\\\nowhere"}
      ignore_errors: true
      register: thrown
    - name: told
      ansible.builtin.assert:
        that: [own.msg == 'no luck', "'PathNotFound' in thrown.error_id"]
    - {name: become, psnet.facts: , become: true, ignore_errors: true}
    - {name: environment, psnet.facts: , environment: {A: b}, ignore_errors: true}
    - {name: async, psnet.facts: , async: 5, ignore_errors: true}
    - {name: controller, psnet.facts: , delegate_to: localhost, ignore_errors: true}
    - {name: text, psnet.copy: {content: "hello", dest: 'C:\\web\\hello.txt'}}
    - {name: waited, psnet.wait_for: {path: 'C:\\web\\hello.txt', timeout: 5}}
    - name: wrong number
      psnet.firewall_rule: {name: x, direction: Inbound, action: Allow, confirm_within: "{{ 'many' }}"}
      ignore_errors: true
    - name: rule
      psnet.firewall_rule: {name: ping, direction: Inbound, action: Allow, protocol: ICMPv4}
    - name: no network
      psnet.nat_static_mapping:
        {name: x, network: nowhere, protocol: TCP, external_port: 80, internal_address: 172.20.0.9, internal_port: 80}
    - name: never
      psnet.firewall_rule: {name: later, direction: Inbound, action: Allow, protocol: ICMPv4}
""",
        lab,
    )
    statuses = {name: hosts["ws2022"] for name, hosts in ran.statuses().items()}
    assert statuses == {
        "typed": "ok",
        "result": "ok",
        "free text": "ok",
        "guarded": "skipped",
        "only if": "skipped",
        "its own failure": "ignored",
        "thrown": "ignored",
        "told": "ok",
        "become": "ignored",
        "environment": "ignored",
        "async": "ignored",
        "controller": "ignored",
        "text": "changed",
        "waited": "ok",
        "wrong number": "ignored",
        "rule": "changed",
        "no network": "failed",
    }
    assert "become is not possible" in ran.result("become")["msg"]
    assert "environment is not possible" in ran.result("environment")["msg"]
    assert "does not support async" in ran.result("async")["msg"]
    assert "no connection to Windows" in ran.result("controller")["msg"]
    result = ran.result("no network")
    assert "no nat network or NAT nowhere" in result["msg"]
    assert "declare nats" in result["remedy"]
    assert "later" not in lab.hosts["ws2022"].firewall.rules
