"""Tasks of resources end to end: the lab's hosts have what the plays say, in as few pipelines as possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.wire import Fault, FaultPlan

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from psnet.testing import Lab

WEB = """
- name: Web hosts
  hosts: all
  gather_facts: false
  vars: {ports: [8080, 8081]}
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
      loop: "{{ ports }}"
    - name: ping
      psnet.firewall_rule: {name: ping, direction: Inbound, action: Allow, protocol: ICMPv4, icmp_types: ["8"]}
"""


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by each pipeline that psnet runs."""
    from psnet.transport.psrp.session import PsrpSession

    ran: list[str] = []
    real = PsrpSession.run

    def run(self: PsrpSession, script: str, **more: Any) -> Any:
        ran.append(script)
        return real(self, script, **more)

    monkeypatch.setattr(PsrpSession, "run", run)
    return ran


def test_tasks_that_follow_each_other_go_together_and_are_told_one_by_one(
    psnet_lab: Callable[..., Lab], run_play: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = psnet_lab("2022")
    pipelines = counted(monkeypatch)
    ran = run_play(WEB, lab)
    assert ran.code == 0
    assert len(pipelines) == 3  # observe, apply, verify for three tasks and four resources
    assert ran.statuses() == {name: {"ws2022": "changed"} for name in ("network", "mappings", "ping")}
    items = ran.ended("mappings")["ws2022"].result["results"]
    assert [(item["item"], item["changes"][0]["name"]) for item in items] == [(8080, "p8080"), (8081, "p8081")]
    host = lab.hosts["ws2022"]
    assert [nat.name for nat in host.nat.nats] == ["web"]
    assert sorted(mapping.external_port for mapping in host.nat.mappings) == [8080, 8081]
    again = run_play(WEB, lab)
    assert set(again.statuses()["network"].values()) == {"ok"}
    assert len(pipelines) == 4  # nothing to do: one look at the host


def test_a_task_that_needs_an_answer_waits_for_it(
    psnet_lab: Callable[..., Lab], run_play: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = psnet_lab("2022")
    pipelines = counted(monkeypatch)
    rule = "{direction: Inbound, action: Allow, protocol: ICMPv4}"
    text = f"""
- hosts: all
  gather_facts: false
  vars: {{indirect: "{{{{ second.changed }}}}", rule: {rule}}}
  tasks:
    - {{name: one, psnet.firewall_rule: {{name: one}}, args: "{{{{ rule }}}}", register: first}}
    - {{name: two, psnet.firewall_rule: {{name: two}}, args: "{{{{ rule }}}}", register: second}}
    - {{name: three, psnet.firewall_rule: {{name: three}}, args: "{{{{ rule }}}}", when: indirect}}
"""
    ran = run_play(text, lab)
    assert ran.statuses() == {name: {"ws2022": "changed"} for name in ("one", "two", "three")}
    assert len(pipelines) == 6  # one and two together, then three


def test_a_task_after_one_that_failed_is_not_done(psnet_lab: Callable[..., Lab], run_play: Callable[..., Any]) -> None:
    fault = Fault(action="fail", cmdlet="Add-NetNatStaticMapping", error_id="X", times="always")
    lab = psnet_lab("2022", faults=FaultPlan.of(fault))
    ran = run_play(WEB, lab)
    assert ran.code == 2
    assert ran.statuses() == {"network": {"ws2022": "changed"}, "mappings": {"ws2022": "failed"}}
    assert "ping" not in lab.hosts["ws2022"].firewall.rules
    failed = ran.ended("mappings")["ws2022"].result["results"]
    assert [item["failed"] for item in failed] == [True, True]
    assert "X" in failed[0]["msg"]


def test_check_mode_changes_nothing_and_says_what_would_change(
    psnet_lab: Callable[..., Lab], run_play: Callable[..., Any]
) -> None:
    lab = psnet_lab("2022")
    ran = run_play(WEB, lab, check=True, diff=True)
    assert ran.statuses()["network"] == {"ws2022": "changed"}
    assert "172.20.0.0/24" in ran.ended("network")["ws2022"].result["diff"][0]["prepared"]
    assert not lab.hosts["ws2022"].hns.networks


def test_state_absent_removes_by_name_and_is_then_content(
    psnet_lab: Callable[..., Lab], run_play: Callable[..., Any]
) -> None:
    lab = psnet_lab("2019")
    assert run_play(WEB, lab).code == 0
    gone = """
- hosts: all
  gather_facts: false
  tasks:
    - name: mapping
      psnet.nat_static_mapping: {name: p8080, state: absent}
    - name: rule
      psnet.firewall_rule: {name: ping, state: absent}
    - name: network
      psnet.nat: {name: web, state: absent}
"""
    ran = run_play(gone, lab)
    assert ran.statuses() == {name: {"ws2019": "changed"} for name in ("mapping", "rule", "network")}
    host = lab.hosts["ws2019"]
    assert not host.nat.nats
    assert not host.links.switches
    assert "ping" not in host.firewall.rules
    assert "psnet-mapping-p8080" not in host.firewall.rules
    assert set(run_play(gone, lab).statuses()["network"].values()) == {"ok"}


def test_what_windows_would_refuse_fails_the_task_with_the_remedy_before_anything_is_sent(
    psnet_lab: Callable[..., Lab], run_play: Callable[..., Any]
) -> None:
    lab = psnet_lab("2022")
    ran = run_play(
        """
- hosts: all
  gather_facts: false
  tasks:
    - name: rule
      psnet.firewall_rule: {name: ping, direction: Inbound, action: Allow, protocol: ICMPv4}
    - name: no network
      psnet.nat_static_mapping:
        {name: x, network: nowhere, protocol: TCP, external_port: 80, internal_address: 172.20.0.9}
    - name: never
      psnet.firewall_rule: {name: later, direction: Inbound, action: Allow, protocol: ICMPv4}
""",
        lab,
    )
    assert ran.statuses() == {"rule": {"ws2022": "changed"}, "no network": {"ws2022": "failed"}}
    result = ran.ended("no network")["ws2022"].result
    assert "no nat network or NAT nowhere" in result["msg"]
    assert "declare nats" in result["remedy"]
    assert "later" not in lab.hosts["ws2022"].firewall.rules


def test_a_script_takes_values_and_gives_values(psnet_lab: Callable[..., Lab], run_play: Callable[..., Any]) -> None:
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
        parameters: {Port: 8080, Text: "it's $(Get-Date) \\u2019"}
      register: said
    - name: result
      psnet.assert:
        that:
          - said.output == [1, 'two']
          - said.result.port == 8081
          - said.result.text == "it's $(Get-Date) \\u2019"
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
      psnet.assert:
        that: [own.msg == 'no luck', "'PathNotFound' in thrown.error_id"]
""",
        lab,
    )
    statuses = {name: hosts["ws2022"] for name, hosts in ran.statuses().items()}
    assert statuses == {
        "typed": "ok",
        "result": "ok",
        "guarded": "skipped",
        "only if": "skipped",
        "its own failure": "ignored",
        "thrown": "ignored",
        "told": "ok",
    }
