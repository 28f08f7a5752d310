"""What completion offers, asked as a shell asks."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from sampling import every

from psnet.cli import main

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


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["plan", "s.yaml", "-i", "hosts.yaml", "--limit", "prod", ":", "!w"], ["!web01", "!web02"]),
        (
            ["plan", "s.yaml", "-i", "hosts.yaml", "--limit", "prod", ":"],
            ["all", "canary", "db01", "prod", "web01", "web02"],
        ),
        (["plan", "s.yaml", "-i", "hosts.yaml", "--limit", "=", "d"], ["db01"]),
        (["plan", "s.yaml", "-i", "hosts.yaml", "--limit", "d"], ["db01"]),
        (["apply", "s.yaml", "--executor", "d"], ["dask", "dask+tls"]),
    ],
)
def test_a_real_bash_is_offered_what_it_can_put_in(words: list[str], offered: list[str], tmp_path: Path) -> None:
    """Bash breaks words at colons and equals signs, and replaces what stands behind the last one."""
    (tmp_path / "hosts.yaml").write_text(INVENTORY, encoding="utf-8")
    program = Path(sys.executable).with_name("psnet")
    listed = " ".join(shlex.quote(word) for word in ("psnet", *words))
    script = f"""
source <(_PSNET_COMPLETE=source_bash {program})
COMP_WORDS=({listed}); COMP_CWORD={len(words)}
_psnet_completion {program}
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert sorted(line.partition("://")[0] for line in done.stdout.split()) == offered


@pytest.mark.parametrize("shell", ["zsh", "fish"])
@pytest.mark.parametrize(
    ("line", "offered"),
    every(
        3,
        [
            ("plan s.yaml -i hosts.yaml --limit prod:!w", {"prod:!web01", "prod:!web02"}),
            ("trace -i hosts.yaml d", {"db01"}),
            ("runs show l", {"last"}),
            ("lab up --os 202", {"2022", "2025"}),
            ("graph hosts.yaml --format m", {"mermaid"}),
        ],
    ),
)
def test_zsh_and_fish_are_offered_the_same(
    shell: str,
    line: str,
    offered: set[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "hosts.yaml").write_text(INVENTORY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("_PSNET_COMPLETE", f"complete_{shell}")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", f"psnet {line}")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    monkeypatch.setattr("sys.argv", ["psnet"])
    with pytest.raises(SystemExit):
        main()
    said = capsys.readouterr().out.replace("\\\\:", ":")
    assert set(re.findall(r'"([^"]+)"', said) if shell == "zsh" else said.split()) == offered
