"""Packages by need: psnet without its extras plans and applies; a part that is missing is told in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sampling import swept

ROOT = Path(__file__).resolve().parents[3]
#: What no extra's absence may take along: modules of extras that are not there.
_WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

class Absent(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
sys.argv = ["psnet", *{words!r}]
from psnet.cli import main
main()
"""
ABSENT = {"babel", "lxml", "regex", "starlette", "uvicorn", "h11", "prometheus_client"}
ABSENT |= {"IPython", "distributed", "ansible"}
HOSTS = "hosts: {web01: {address: 127.0.0.1, connection: {user: u, password: {env: PW}, port: 1}}}\n"


def psnet(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "hosts.yaml").write_text(HOSTS, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-c", _WITHOUT.format(absent=ABSENT, words=words)],
        cwd=folder,
        env={**os.environ, "PW": "p", "PSNET_JOURNAL": str(folder / "j.sqlite")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        (["lab", "up"], "lab"),
        swept((["lab", "exec", "x.ps1"], "lab")),
        (["dsc", "serve", "--folder", "pull", "--self-signed"], "server"),
        (["watch", "site.yaml", "-i", "hosts.yaml", "--metrics", ":0"], "metrics"),
    ],
)
def test_a_missing_part_is_one_sentence(words: list[str], extra: str, tmp_path: Path) -> None:
    (tmp_path / "x.ps1").write_text("1", encoding="utf-8")
    (tmp_path / "site.yaml").write_text("name: x\n", encoding="utf-8")
    done = psnet(words, tmp_path)
    assert done.returncode == 3, done.stderr
    assert f"pip install 'psnet[{extra}]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["plan", str(ROOT / "examples" / "minimal" / "site.yaml"), "-i", "hosts.yaml"], 4),
        (["validate", str(ROOT / "examples" / "minimal" / "site.yaml")], 0),
        swept((["check", str(ROOT / "templates")], 0)),
    ],
)
def test_what_needs_no_extra_works_without(words: list[str], code: int, tmp_path: Path) -> None:
    done = psnet(words, tmp_path)
    assert done.returncode == code, done.stdout + done.stderr


def test_a_play_that_cannot_begin_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "play.yml").write_text("[]\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "psnet", "play", "play.yml"],
        cwd=tmp_path,
        env={"PATH": "/nowhere", "HOME": str(tmp_path), "PSNET_PYTHON": "/nowhere/python"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
