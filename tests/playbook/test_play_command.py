"""psnet play on the command line: what it prints, its exit codes, the journal, secrets, Ctrl-C."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pace import on_a_quiet_computer
from plays import BIN, ROOT, command, surroundings
from sampling import every

from psnet.errors import InputError
from psnet.journal import open_journal
from psnet.lab.wire import Fault, FaultPlan

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = ROOT / "examples" / "playbooks"
SECRET = "S3cret!-of-the-registry"
CANARY = "canary-9c1f-of-nobody"


def written(folder: Path, text: str) -> Path:
    path = folder / "play.yml"
    path.write_text(text, encoding="utf-8")
    return path


def left(home: Path, seconds: float | None = None) -> list[str]:
    """Return what runs have left: folders, and processes of psnet that do not end within so many seconds (3)."""
    seconds = on_a_quiet_computer(3) if seconds is None else seconds
    folders = [str(path) for path in (home / "home" / "tmp").glob("ansible-local-*")]
    said = subprocess.run(["ps", "-eww", "-o", "pid,args"], capture_output=True, text=True, check=True).stdout
    lines = [line for line in said.splitlines() if "psnet.playbook.daemon" in line and str(home) in line]
    return folders + [line for line in lines if not ended(int(line.split()[0]), seconds)]


def ended(process: int, seconds: float) -> bool:
    """Say whether a process that is no child of this one ends within so many seconds."""
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


def rules_in(journal: str) -> list[str]:
    """Return what the journal says of the firewall rules of the last run."""
    with contextlib.suppress(InputError):
        changes = open_journal(journal).read("last").changes.values()
        return [row["status"] for rows in changes for row in rows if row["kind"] == "firewall_rule"]
    return []


def test_mistakes_are_told_before_anything_runs(tmp_path: Path, psnet_lab: Callable[..., Any]) -> None:
    lab = psnet_lab("2022")
    hosts = str(lab.inventory)
    names = written(
        tmp_path,
        "- hosts: all\n  tasks:\n    - psnet.containr_network: {name: x}\n    - psnet.debug: {msg: x}\n",
    )
    done = command(tmp_path, "play", str(names), "-i", hosts)
    assert done.returncode == 4
    assert f"{names}:3:7: psnet.containr_network: there is no such module" in done.stderr
    assert "did you mean psnet.windows_containers.container_network?" in done.stderr
    assert "psnet has no such module any more (write ansible.builtin.debug)" in done.stderr
    wrong = written(
        tmp_path,
        """
- hosts: all
  gather_facts: false
  tasks:
    - name: first
      psnet.firewall_rule: {name: ping, direction: Inbound, action: Allow, protocol: ICMPv4}
    - name: typed
      psnet.container_network:
        name: "{{ inventory_hostname }}"
        mode: nat
        subent: 172.20.0.0/24
    - name: value
      psnet.firewall_rule:
        name: "{{ inventory_hostname }}"
        direction: Sideways
        action: Allow
""",
    )
    done = command(tmp_path, "play", str(wrong), "-i", hosts, "--json")
    assert done.returncode == 4
    assert f"{wrong}:11:1: subent: unknown key (did you mean subnet?)" in done.stderr
    (line,) = done.stdout.splitlines()
    assert f"{wrong}:11:1: subent: unknown key (did you mean subnet?)" in json.loads(line)["error"]["problems"]
    assert f"{wrong}:15" in done.stderr
    assert "ping" not in lab.hosts["ws2022"].firewall.rules
    assert left(tmp_path) == []


def test_options_go_through_and_exit_codes_are_ansibles(tmp_path: Path, psnet_lab: Callable[..., Any]) -> None:
    hosts = str(psnet_lab("2022").inventory)
    role = str(EXAMPLES / "10-role.yml")
    listed = command(tmp_path, "play", role, "-i", hosts, "--list-tasks", "--list-hosts")
    assert listed.returncode == 0
    assert "web : Ports" in listed.stdout
    assert "hosts (1):" in listed.stdout
    assert "PLAY RECAP" not in listed.stdout
    late = command(tmp_path, "play", role, "-i", hosts, "--start-at-task", "Nothing")
    assert 'No matching task "Nothing" found' in late.stderr
    gone = command(tmp_path, "play", role, "-i", hosts, PATH="/nowhere", PSNET_PYTHON="/nowhere")
    assert gone.returncode != 0
    assert "/nowhere" in gone.stdout + gone.stderr


def test_the_journal_has_a_run_and_secrets_are_nowhere(
    tmp_path: Path, psnet_lab: Callable[..., Any], run_play: Callable[..., Any]
) -> None:
    lab = psnet_lab("2022")
    log = tmp_path / "daemon.log"
    ran = run_play(
        f"""
- hosts: all
  gather_facts: false
  vars_files: [{EXAMPLES / "files" / "registry-credentials.yml"}]
  tasks:
    - name: in a rule
      psnet.firewall_rule:
        {{name: x, direction: Inbound, action: Allow, protocol: ICMPv4, description: "{{{{ registry.password }}}}"}}
      ignore_errors: true
    - name: in a script
      psnet.powershell: {{script: "'{{{{ registry.password }}}}'"}}
      ignore_errors: true
    - name: in a file
      psnet.copy: {{content: "{{{{ registry.password }}}}", dest: 'C:\\secret.txt'}}
    - name: quiet
      psnet.powershell: {{script: 'param($P) throw "logon failed for $P"', parameters: {{P: "{CANARY}"}}}}
      no_log: true
      ignore_errors: true
    - name: a rule
      psnet.firewall_rule: {{name: ping, direction: Inbound, action: Allow, protocol: ICMPv4}}
    - name: fails
      psnet.powershell: {{script: 'param($P) throw "no $P"', parameters: {{P: "{{{{ registry.password }}}}"}}}}
""",
        lab,
        PSNET_VAULT_PASSWORD="example",
        PSNET_DAEMON_LOG=str(log),
    )
    assert ran.code == 2
    assert {name: told["ws2022"] for name, told in ran.statuses().items()} == {
        "in a rule": "ignored",
        "in a script": "ignored",
        "in a file": "changed",
        "quiet": "ignored",
        "a rule": "changed",
        "fails": "failed",
    }
    assert "x" not in lab.hosts["ws2022"].firewall.rules
    assert "input" in ran.result("in a script")["remedy"]
    journal = tmp_path / "journal.sqlite"
    record = open_journal(f"sqlite:///{journal}").read("last")
    assert (record.id, record.run["command"], record.run["status"]) == (ran.events[0]["run"], "play", "failed")
    assert [(row["name"], row["status"]) for row in record.changes["ws2022"]] == [
        ("in a script", "failed"),
        ("in a file", "changed"),
        ("quiet", "failed"),
        ("ping", "changed"),
        ("fails", "failed"),
    ]
    password = lab.hosts["ws2022"].password
    assert log.is_file()
    for said in (ran.text, journal.read_bytes().decode("latin-1"), log.read_text(encoding="utf-8")):
        assert SECRET not in said
        assert CANARY not in said
        assert password not in said
    assert left(tmp_path) == []


def held_up() -> float:
    """Return for how many seconds something on this computer has waited for a processor so far, where Linux says it."""
    told = Path("/proc/pressure/cpu")
    return int(told.read_text(encoding="ascii").splitlines()[0].rpartition("=")[2]) / 1e6 if told.is_file() else 0.0


def test_ctrl_c_ends_within_a_second_and_says_what_was_sent(tmp_path: Path, psnet_lab: Callable[..., Any]) -> None:
    slow = Fault(action="slow", cmdlet="New-NetFirewallRule", seconds=3, times="always")
    lab = psnet_lab("2022", faults=FaultPlan.of(slow))
    path = written(
        tmp_path,
        """
- hosts: all
  gather_facts: false
  tasks:
    - {name: net, psnet.container_network: {name: web, mode: nat, subnet: 172.20.0.0/24}, failed_when: false}
    - name: rules
      psnet.firewall_rule: {name: "r{{ item }}", direction: Inbound, action: Allow, protocol: ICMPv4}
      loop: [1, 2, 3, 4]
""",
    )
    line = [str(BIN / "psnet"), "play", str(path), "-i", str(lab.inventory)]
    running = subprocess.Popen(
        line,
        cwd=tmp_path,
        env=surroundings(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    journal = f"sqlite:///{tmp_path / 'journal.sqlite'}"
    until = time.monotonic() + 90
    while "sent" not in rules_in(journal) and time.monotonic() < until:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    pressed, held = time.monotonic(), held_up()
    said, _ = running.communicate(timeout=30)
    took, held = time.monotonic() - pressed, held_up() - held
    assert running.returncode == 99, said
    assert "PSNET RECAP [INTERRUPTED]" in said
    assert "1 changed: create container_network web" in said
    assert "not known" in said
    assert took - held < 1
    assert left(tmp_path) == []
    assert open_journal(journal).read("last").run["status"] == "interrupted"


def test_psnet_ends_with_a_parent_that_is_killed(tmp_path: Path, psnet_lab: Callable[..., Any]) -> None:
    lab = psnet_lab("2022")
    tasks = "    - psnet.facts:\n    - ansible.builtin.pause: {seconds: 60}\n"
    text = f"- hosts: all\n  gather_facts: false\n  tasks:\n{tasks}"
    path = written(tmp_path, text)
    line = [str(BIN / "psnet"), "play", str(path), "-i", str(lab.inventory)]
    running = subprocess.Popen(
        line, cwd=tmp_path, env=surroundings(tmp_path), stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert running.stdout is not None
    for said in running.stdout:
        if said.startswith("ok: [ws2022]"):
            break
    daemons = [item for item in left(tmp_path, 0) if "daemon" in item]
    assert len(daemons) == 1
    sockets = set(Path("/tmp").glob("psnet-*/socket"))
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    try:
        assert not [item for item in left(tmp_path) if "daemon" in item]
        assert len({item for item in sockets if item.exists()}) < len(sockets)
    finally:  # ansible-core's own worker leads a session of its own, and waits for an answer of the dead for ever
        said = subprocess.run(["pgrep", "-f", f"ansible-playbook.*{path}"], capture_output=True, text=True, check=False)
        for worker in said.stdout.split():
            os.kill(int(worker), signal.SIGKILL)


#: A playbook that ansible-core or psnet refuses -> what is said, and the line.
REFUSED = {
    "- hosts: all\n  tasks: [\n": ("YAML parsing failed", ""),
    "- host: all\n": ("'host' is not a valid attribute", ":1:3: "),
    "- hosts: all\n  tasks:\n  - psnet.containr_network: {name: x}\n": ("the playbook is wrong", ":3:5: "),
}


@pytest.mark.parametrize("text", every(3, REFUSED, first=2))
def test_a_refused_playbook_is_an_error_object_for_programs(text: str, tmp_path: Path) -> None:
    book = written(tmp_path, text)
    said, place = REFUSED[text]
    done = command(tmp_path, "play", str(book), "-i", "localhost,", "--json")
    assert done.returncode == 4
    (line,) = done.stdout.splitlines()
    error = json.loads(line)["error"]
    assert said in error["message"]
    assert any(place in problem for problem in error["problems"])
