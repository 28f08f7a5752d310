"""What a host says in a real play on ansible-core: never a template, never an expression, wherever it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sampling import swept

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from plays import Ran

    from psnet.testing import Lab

#: Said by the host. Each would make a file, or show a variable of the controller, were it ever evaluated.
TEMPLATE = "{{ lookup('pipe', 'echo x >> RAN') }}{{ lookup('env', 'PLAY_CANARY') }}"
EXPRESSION = "lookup('pipe', 'echo x >> RAN') == '' or lookup('env', 'PLAY_CANARY') != ''"
LOOP = "{% for word in lookup('pipe', 'echo x >> RAN') %}{% endfor %}x"
BARE = "lookup('env', 'PLAY_CANARY')"
SAID = [TEMPLATE, EXPRESSION, LOOP, BARE, "#jinja2: variable_start_string: '['"]
#: How the plays see what was said: a registered result, a fact of set_fact, a variable that leads to one.
WAYS = {"registered": "said.output", "fact": "told", "chain": "chained"}
#: Where the first and the second text are put: as text, and as what Ansible takes for an expression by itself.
TEXTS = """\
    - name: message W
      ansible.builtin.debug: {msg: "{{ X[0] }} | {{ X[0] | upper }} {{ X[2] }}"}
      ignore_errors: true
    - name: looked up W
      ansible.builtin.debug: {msg: "{{ lookup('vars', 'told')[0] }}"}
      ignore_errors: true
    - name: item W
      ansible.builtin.debug: {msg: "{{ item }}"}
      loop: "{{ X }}"
      ignore_errors: true
    - name: of the task W
      ansible.builtin.debug: {msg: "{{ own }}"}
      vars: {own: "{{ X[0] }}"}
      ignore_errors: true
    - name: named {{ X[0] }} W
      ansible.builtin.debug: {msg: "{{ hostvars[inventory_hostname].told[0] }}"}
      ignore_errors: true
    - name: back to the host W
      psnet.powershell: {script: 'param($P) "back: $P"', parameters: {P: "{{ X[0] }}"}}
      register: back
      ignore_errors: true
    - name: rule W
      psnet.firewall_rule: {name: rule-W, direction: Inbound, action: Allow, description: "{{ X[0] }}"}
      register: ruled
      ignore_errors: true
    - name: site W
      psnet.site: {file: site.yaml}
      check_mode: true
      vars: {described: "{{ X[0] }}"}
      register: sited
      ignore_errors: true
    - name: template W
      psnet.template: {src: page.j2, dest: 'C:\\\\page-W.txt'}
      vars: {described: "{{ X[0] }}"}
      ignore_errors: true
    - name: copied W
      psnet.copy: {content: "{{ X[0] }}", dest: 'C:\\\\copied-W.txt'}
      ignore_errors: true
"""
EXPRESSIONS = """\
    - {name: when-N W, ansible.builtin.debug: {msg: evaluated}, when: "X[N]", ignore_errors: true}
    - {name: when braces-N W, ansible.builtin.debug: {msg: evaluated}, when: "{{ X[N] }}", ignore_errors: true}
    - {name: assert-N W, ansible.builtin.assert: {that: "X[N]"}, ignore_errors: true}
    - {name: assert braces-N W, ansible.builtin.assert: {that: "{{ X[N] }}"}, ignore_errors: true}
    - {name: assert list-N W, ansible.builtin.assert: {that: ["{{ X[N] }}"]}, ignore_errors: true}
    - {name: var-N W, ansible.builtin.debug: {var: "{{ X[N] }}"}, ignore_errors: true}
    - {name: until-N W, ansible.builtin.debug: {msg: x}, until: "{{ X[N] }}", retries: 1, delay: 0, ignore_errors: true}
    - {name: changed_when-N W, ansible.builtin.debug: {msg: x}, changed_when: "{{ X[N] }}", ignore_errors: true}
    - {name: failed_when-N W, ansible.builtin.debug: {msg: x}, failed_when: "{{ X[N] }}", ignore_errors: true}
    - {name: failed_when of psnet-N W, psnet.powershell: {script: "1"}, failed_when: "{{ X[N] }}", ignore_errors: true}
    - {name: loop-N W, ansible.builtin.debug: {msg: x}, loop: "{{ X[N] }}", ignore_errors: true}
"""


def play(host: str, ways: tuple[str, ...], numbers: tuple[int, ...]) -> str:
    tasks = TEXTS + "".join(EXPRESSIONS.replace("N", str(number)) for number in numbers)
    every = "".join(tasks.replace("X", WAYS[way]).replace("W", way) for way in ways)
    return f"""\
- hosts: {host}
  gather_facts: false
  vars: {{chained: "{{{{ told }}}}"}}
  tasks:
    - name: said
      psnet.powershell: {{script: '[IO.File]::ReadAllLines("C:\\said.txt")'}}
      register: said
    - name: told
      ansible.builtin.set_fact: {{told: "{{{{ said.output }}}}"}}
{every}
    - name: facts
      psnet.facts:
      register: seen
    - name: all of the facts
      ansible.builtin.debug: {{msg: "{{{{ seen }}}} {{{{ hostvars[inventory_hostname] }}}}"}}
"""


#: What Ansible takes for a condition: each of these fails for a text that is not the user's.
CONDITIONS = (
    *("when", "when braces", "assert", "assert braces", "assert list", "until", "changed_when"),
    *("failed_when", "failed_when of psnet", "var", "loop"),
)


@pytest.mark.parametrize(
    ("ways", "numbers"), [(("registered",), (0, 1)), swept((tuple(WAYS), (0, 1, 2, 3)))], ids=("some", "all")
)
def test_what_a_host_says_is_never_evaluated(
    psnet_lab: Callable[..., Lab],
    run_play: Callable[..., Ran],
    tmp_path: Path,
    ways: tuple[str, ...],
    numbers: tuple[int, ...],
) -> None:
    lab, mark = psnet_lab("2022"), tmp_path / "ran"
    said = [text.replace("RAN", str(mark)) for text in SAID]
    (name, host), *_ = lab.hosts.items()
    host.files.write("C:\\said.txt", "\r\n".join(said).encode())
    (tmp_path / "site.yaml").write_text(
        "name: s\nfirewall_rules: [{name: z, description: 'x {{ described }}', direction: Inbound, action: Allow}]\n"
    )
    (tmp_path / "page.j2").write_text("x {{ described }}")
    done = run_play(play(name, ways, numbers), lab, "-v", PLAY_CANARY="of-the-controller-42")

    assert not mark.exists()
    assert "of-the-controller-42" not in done.text
    assert b"of-the-controller-42" not in (tmp_path / "journal.sqlite").read_bytes()
    assert done.result("said")["output"] == said
    statuses = {title: each[name] for title, each in done.statuses().items()}
    for way in ways:
        assert done.result(f"message {way}")["msg"] == f"{said[0]} | {said[0].upper()} {said[2]}"
        assert done.result(f"looked up {way}")["msg"] == said[0]
        assert done.result(f"of the task {way}")["msg"] == said[0]
        assert done.result(f"back to the host {way}")["output"] == [f"back: {said[0]}"]
        assert host.files.read(f"C:\\page-{way}.txt").decode("utf-8-sig") == f"x {said[0]}"
        assert host.files.read(f"C:\\copied-{way}.txt").decode("utf-8-sig") == said[0]
        assert host.firewall.rules[f"rule-{way}"].description == said[0]
        for number in numbers:
            ended = {place: statuses[f"{place}-{number} {way}"] for place in CONDITIONS}
            assert ended == dict.fromkeys(CONDITIONS, "ignored")  # they failed, and evaluated nothing
    assert said[0] in str(done.result("all of the facts")["msg"])
