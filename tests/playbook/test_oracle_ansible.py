"""psnet says what ansible-playbook says of the same playbooks: tasks, results, handlers, recap and exit code."""

from __future__ import annotations

import json

import pytest
from ansible_oracle import ORACLE, RECORD, RUNS, ask_ansible, sections
from typer.testing import CliRunner

from psnet.cli.app import app

RECORDED = json.loads(RECORD.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", RUNS)
def test_a_playbook_means_the_same_as_to_ansible(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ORACLE)
    done = CliRunner().invoke(app, ["play", *RUNS[name], "-i", "psnet.yaml"])
    expected, code = RECORDED[name]
    said = sections(done.output)
    assert [banner for banner, _ in said] == [banner for banner, _ in expected]
    for (banner, mine), (_, theirs) in zip(said, expected, strict=True):
        assert mine == theirs, banner
    assert done.exit_code == code


def test_the_record_is_what_the_installed_ansible_says() -> None:
    said, code = ask_ansible(RUNS["batch"])
    assert [[list(item) for item in said], code] == RECORDED["batch"]
