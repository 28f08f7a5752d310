"""psnet play on the command line: what it prints, its exit codes, and modules of other packages."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.journal import open_journal

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

INVENTORY = str(Path(__file__).parent / "oracle" / "psnet.yaml")
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "playbooks"


def play(path: Path | str, *words: str, inventory: str = INVENTORY) -> Any:
    return CliRunner().invoke(app, ["play", str(path), "-i", inventory, *words])


def written(folder: Path, text: str) -> Path:
    path = folder / "play.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_mistake_is_exit_code_1_and_names_the_line(tmp_path: Path) -> None:
    path = written(tmp_path, "- hosts: all\n  tasks:\n    - psnet.debgu: {msg: x}\n")
    done = play(path)
    assert done.exit_code == 1
    assert f"{path}:3:7" in done.output
    assert "did you mean psnet.debug?" in done.output
    assert play(path, "--limit", "nobody").exit_code == 1
    assert play(EXAMPLES / "10-role.yml", "-e", "nonsense").exit_code == 1
    assert play(EXAMPLES / "10-role.yml", "--start-at-task", "Nothing").exit_code == 1


def test_lists_name_and_run_nothing() -> None:
    done = play(EXAMPLES / "10-role.yml", "--list-tasks", "--list-hosts")
    assert done.exit_code == 0
    assert "web : Ports" in done.output
    assert "hosts (3):" in done.output
    assert "PLAY RECAP" not in done.output
    assert "TASK TAGS: [allow, clean]" in play(EXAMPLES / "04-firewall-baseline.yml", "--list-tags").output
    assert play(EXAMPLES / "01-nat-network.yml", "--syntax-check").exit_code == 0


def test_events_are_json_lines_of_one_run_and_secrets_are_masked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PSNET_VAULT_PASSWORD", "example")
    secrets = EXAMPLES / "files" / "registry-credentials.yml"
    text = """
- hosts: a
  gather_facts: false
  tasks:
    - {name: shows, debug: {msg: "the password is {{ registry.password }}"}}
    - {name: "named {{ registry.password }}", fail: {msg: "{{ registry.password }}"}}
"""
    path = written(tmp_path, text)
    journal = tmp_path / "journal.sqlite"
    done = play(path, "-e", f"@{secrets}", "--json", "--journal", str(journal))
    assert done.exit_code == 2
    events = [json.loads(line) for line in done.output.splitlines()]
    assert [event["event"] for event in events] == [
        *("play_began", "task_began", "task_ended", "task_began", "task_ended", "run_ended")
    ]
    assert len({event["run"] for event in events}) == 1
    assert events[2]["result"]["msg"] == "the password is ********"
    record = open_journal(f"sqlite:///{journal}").read("last")
    assert (record.id, record.run["command"], record.run["status"]) == (events[0]["run"], "play", "failed")
    assert record.counts() == {"failed": 1}
    shown = play(path, "-e", f"@{secrets}", "--journal", str(journal))
    for said in (done.output, shown.output, journal.read_bytes().decode("latin-1")):
        assert "S3cret!" not in said


def test_a_secret_never_becomes_a_part_of_a_plan_or_a_script(
    psnet_lab: Callable[..., Any], run_play: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PSNET_VAULT_PASSWORD", "example")
    lab = psnet_lab("2022")
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
""",
        lab,
    )
    assert {name: hosts["ws2022"] for name, hosts in ran.statuses().items()} == {
        "in a rule": "ignored",
        "in a script": "ignored",
        "in a file": "changed",
    }
    assert "x" not in lab.hosts["ws2022"].firewall.rules
    assert "input" in ran.ended("in a script")["ws2022"].result["remedy"]


def test_a_package_adds_a_module(tmp_path: Path, run_play: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme_modules.py").write_text(
        """
from psnet._internal.model import Model
from psnet.playbook.modules import Module


class Arguments(Model):
    word: str


class Echo(Module):
    name = "acme.echo"
    arguments = Arguments

    def run(self, call):
        return {"changed": True, "said": call.args.word.upper()}
"""
    )
    info = tmp_path / "acme-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[psnet.modules]\necho = acme_modules:Echo\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    text = "- hosts: a\n  gather_facts: false\n  tasks:\n    - {name: echo, acme.echo: {word: hi}}\n"
    ran = run_play(text, Path(INVENTORY))
    assert ran.ended("echo")["a"].result["said"] == "HI"
    sys.modules.pop("acme_modules", None)
