"""What completion offers, asked as a shell asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psnet.cli import main

if TYPE_CHECKING:
    from pathlib import Path

INVENTORY = """
hosts: {web01: {}, web02: {}, db01: {}}
groups: {prod: {hosts: [web01, db01]}, canary: {hosts: [web02]}}
"""


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("plan s.yaml -i hosts.yaml --limit ", {"all", "prod", "canary", "web01", "web02", "db01"}),
        ("plan s.yaml -i hosts.yaml --limit web", {"web01", "web02"}),
        ("plan s.yaml -i hosts.yaml --limit prod:!w", {"prod:!web01", "prod:!web02"}),
        ("plan s.yaml -i nowhere.yaml --limit w", set()),
        ("trace -i hosts.yaml d", {"db01"}),
        ("inventory show -i hosts.yaml web", {"web01", "web02"}),
        ("runs show l", {"last"}),
        ("lab up --os 20", {"2016", "2019", "2022", "2025", "2004"}),
        ("graph hosts.yaml --format m", {"mermaid"}),
        ("check x.ps1 --format s", {"sarif"}),
        ("plan s.yaml --order rev", {"reverse", "reverse_sorted"}),
        ("apply s.yaml --executor t", {"threads"}),
    ],
)
def test_what_is_offered(
    line: str,
    offered: set[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "hosts.yaml").write_text(INVENTORY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    words = f"psnet {line}".split(" ")
    monkeypatch.setenv("_PSNET_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", f"psnet {line}")
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    monkeypatch.setattr("sys.argv", ["psnet"])
    with pytest.raises(SystemExit):
        main()
    assert set(capsys.readouterr().out.split()) == offered
