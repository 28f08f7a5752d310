"""psnet play is ansible-core, and so is what psnet reads of Ansible's inventories: shown on many shapes of both."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from plays import BIN, ROOT, command, surroundings
from sampling import swept

from psnet.inventories.ansible import ask_ansible

HERE = Path(__file__).parent
PLAYS = HERE / "comparison.yml"
INVENTORIES = json.loads((HERE / "inventories.json").read_text(encoding="utf-8"))
SAMPLE = range(0, len(INVENTORIES), 20)


def told(text: str) -> list[dict[str, Any]]:
    """Return the events of a run without what differs from run to run."""
    events = [json.loads(line) for line in text.splitlines() if line.startswith('{"event"')]
    return [{key: value for key, value in event.items() if key not in ("run", "time")} for event in events]


def key(event: dict[str, Any]) -> str:
    return f"{event.get('where')} {event.get('title')} {event.get('host')}"


@pytest.mark.parametrize("step", [11, swept(1)])
def test_55_plays_tell_the_same_through_both(tmp_path: Path, step: int) -> None:
    plays = re.split(r"(?m)^(?=- )", PLAYS.read_text(encoding="utf-8"))[1:]
    assert len(plays) == 55
    book = tmp_path / "plays.yml"
    book.write_text("".join(plays[::step]), encoding="utf-8")
    hosts = tmp_path / "hosts"
    hosts.write_text("[all]\na\nb\nc\n[all:vars]\nansible_connection=local\n", encoding="utf-8")
    home = tmp_path / "collections" / "ansible_collections" / "psnet"
    home.mkdir(parents=True)
    (home / "windows_containers").symlink_to(ROOT / "ansible")
    more = {"ANSIBLE_STDOUT_CALLBACK": "psnet.windows_containers.events"}
    environment = surroundings(tmp_path, ANSIBLE_COLLECTIONS_PATH=str(tmp_path / "collections"), **more)
    line = [sys.executable, str(BIN / "ansible-playbook"), "-i", str(hosts), str(book)]
    plain = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    ours = command(tmp_path, "play", str(book), "-i", str(hosts), "--json")
    assert (ours.returncode, plain.returncode) == (0, 0), ours.stdout[-2000:] + ours.stderr
    first, second = told(plain.stdout), told(ours.stdout)
    assert len(first) > 300 // step
    assert sorted(first, key=key) == sorted(second, key=key)


def written(folder: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755 if name.endswith(".sh") else 0o644)
    first = next(iter(files))
    return str(folder / "d" if first.startswith("d/") else folder / first)


def read(folder: Path) -> list[dict[str, Any]]:
    """Return what psnet has of every inventory, from one process."""
    sources = [written(folder / str(number), files) for number, files in enumerate(INVENTORIES)]
    return [{"source": source, **answer} for source, answer in zip(sources, ask_all(sources), strict=True)]


def ask_all(sources: list[str]) -> list[dict[str, Any]]:
    return ask_ansible([{"sources": [source]} for source in sources], "inventories")


def compared(folder: Path, answers: list[dict[str, Any]], numbers: range) -> None:
    for number in numbers:
        answer = answers[number]
        line = [sys.executable, str(BIN / "ansible-inventory"), "-i", answer["source"], "--list"]
        done = subprocess.run(line, env=surroundings(folder), capture_output=True, text=True, check=True)
        listed = json.loads(done.stdout)
        hostvars = listed["_meta"]["hostvars"]
        names = {name for group in listed.values() for name in group.get("hosts", ())}
        assert {host["name"] for host in answer["hosts"]} == names
        for host in answer["hosts"]:
            plain = {name: value for name, value in hostvars.get(host["name"], {}).items() if "ansible_" not in name}
            assert host["variables"] == plain, answer["source"]
            direct = {name for name, group in listed.items() if host["name"] in group.get("hosts", ())}
            assert direct <= set(host["groups"]), answer["source"]


def test_40_inventories_are_read_and_a_sample_compared(tmp_path: Path) -> None:
    assert len(INVENTORIES) == 40
    answers = read(tmp_path)
    assert not [answer for answer in answers if "error" in answer]
    compared(tmp_path, answers, SAMPLE)


@pytest.mark.sweep
@pytest.mark.parametrize("first", range(0, len(INVENTORIES), 8))
def test_40_inventories_are_as_ansible_lists_them(tmp_path: Path, first: int) -> None:
    compared(tmp_path, read(tmp_path), range(first, min(first + 8, len(INVENTORIES))))
