"""psnet fmt and psnet validate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from psnet._internal.yaml import parse_yaml
from psnet.cli.app import app
from psnet.errors import InputError
from psnet.site.formatting import formatted

ROOT = Path(__file__).resolve().parents[3]
UGLY = """\
# the head
name:   x
container_networks: # of the section
- {subnet: 172.20.0.0/24,   mode: nat, name: web} # behind
# between
-  mode: transparent
   # inside: this item keeps its order
   name: lan
   adapter: 'Ethernet 2'
endpoints:
- network: web
  name: app
"""
NICE = """\
# the head
name: x
container_networks: # of the section
  - {name: web, mode: nat, subnet: 172.20.0.0/24} # behind
  # between
  - mode: transparent
    # inside: this item keeps its order
    name: lan
    adapter: 'Ethernet 2'
endpoints:
  - name: app
    network: web
"""


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def test_form_changes_and_what_is_said_does_not() -> None:
    made = formatted(UGLY, "site.yaml")
    assert made == NICE
    assert parse_yaml(made).data == parse_yaml(UGLY).data


@pytest.mark.parametrize("path", sorted((ROOT / "examples").rglob("site*.yaml")), ids=lambda path: path.parent.name)
def test_every_example_keeps_its_meaning_and_comments_and_is_stable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    made = formatted(text, str(path))
    assert parse_yaml(made).data == parse_yaml(text).data
    assert made.count("#") == text.count("#")
    assert formatted(made, str(path)) == made


def test_check_and_diff_write_nothing(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(UGLY, encoding="utf-8")
    assert run("fmt", "--check", str(path)).exit_code == 1
    assert "+  - name: app" in run("fmt", "--diff", str(path)).output
    assert path.read_text(encoding="utf-8") == UGLY
    assert run("fmt", str(path)).exit_code == 0
    assert run("fmt", "--check", str(path)).exit_code == 0


def test_validate_needs_no_host_and_no_variables(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(
        "container_networks:\n- {name: web, mode: nat, subnet: '{{ web_subnet }}', adaptor: x}\n"
        "- {name: lan, mode: transparant, dns_suffix: '{{ suffix }}'}\n",
        encoding="utf-8",
    )
    result = run("validate", str(path), "--json", "--sarif", str(tmp_path / "s.sarif"))
    assert result.exit_code == 3
    (told,) = json.loads(result.output)
    assert [(item["line"], item["remedy"]) for item in told["problems"]] == [(2, "did you mean adapter?")]
    assert len(told["open"]) == 2
    (sarif,) = json.loads((tmp_path / "s.sarif").read_text(encoding="utf-8"))["runs"]
    assert sarif["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 2
    path.write_text("container_networks:\n- {name: web, mode: nat, subnet: '{{ web_subnet }}'}\n", encoding="utf-8")
    assert run("validate", str(path)).exit_code == 0
    path.write_text(
        "container_networks:\n- {name: web, mode: nat, subnet: 172.20.0.0/24}\n"
        "endpoints:\n- {name: a, network: web, address: 172.20.0.1}\n",
        encoding="utf-8",
    )
    refused = run("validate", str(path), "--sarif", str(tmp_path / "s.sarif"))
    assert refused.exit_code == 1
    assert "is the gateway of web" in refused.output
    (sarif,) = json.loads((tmp_path / "s.sarif").read_text(encoding="utf-8"))["runs"]
    assert {item["level"] for item in sarif["results"]} >= {"error"}
    assert any(item["locations"][0]["physicalLocation"]["region"] == {"startLine": 4} for item in sarif["results"])


def test_an_inventory_with_vaults_keeps_them_as_they_are() -> None:
    text = (
        "connection:   \n  user: u\n  password: !vault |\n    $ANSIBLE_VAULT;1.1;AES256\n    3132\n    33\n"
        "vars: {word: !unsafe '{{ no }}', x: 1}\nhosts: {a: {}}\n\n\n"
    )
    made = formatted(text, "hosts.yaml")
    assert made == text.replace("connection:   ", "connection:").rstrip("\n") + "\n"
    assert formatted(made, "hosts.yaml") == made
    with pytest.raises(InputError, match="errors"):
        formatted("a: !vault [b]\n", "hosts.yaml")
    with pytest.raises(InputError):
        formatted("a: !other b\n", "hosts.yaml")
