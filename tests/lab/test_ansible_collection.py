"""The collection under ansible-core itself: tasks, check and diff mode, facts, errors, documentation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from psnet.resources import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
NETWORK = {"name": "web", "prefix": "172.20.0.0/24", "switch": "web"}
MAPPING = {
    "name": "http",
    "network": "web",
    "protocol": "TCP",
    "external_port": "{{ port }}",
    "internal_address": "172.20.0.10",
    "internal_port": 80,
}
PREFIX = "psnet.windows_containers."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "collections" / "ansible_collections" / "psnet"
    home.mkdir(parents=True)
    (home / "windows_containers").symlink_to(ROOT / "ansible")
    return tmp_path


def ansible(folder: Path, program: str, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
        "PYTHONPATH": str(ROOT),
        "PSNET_JOURNAL": str(folder / "journal.sqlite"),
        "LC_ALL": "C.UTF-8",
    }
    command = [sys.executable, str(BIN / program), *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def inventory(lab: Lab, folder: Path) -> None:
    """Write an ordinary Ansible inventory of the lab's hosts."""
    hosts = {}
    for name, host in lab.hosts.items():
        end = lab.server.endpoints[name]
        hosts[name] = {
            "ansible_host": end.address,
            "ansible_port": end.https_port,
            "ansible_psrp_path": end.path,
            "ansible_password": host.password,
        }
    shared = {
        "ansible_connection": "psrp",
        "ansible_user": "Administrator",
        "ansible_psrp_auth": "ntlm",
        "ansible_psrp_ca_cert": str(lab.server.endpoints[name].ca_path),
        "port": 8080,
    }
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": shared}}), encoding="utf-8")


def play(folder: Path, tasks: list[dict[str, Any]], *words: str) -> subprocess.CompletedProcess[str]:
    book = [{"hosts": "all", "gather_facts": False, "tasks": tasks}]
    (folder / "play.yml").write_text(yaml.safe_dump(book, sort_keys=False), encoding="utf-8")
    return ansible(folder, "ansible-playbook", "-i", "hosts.yml", "play.yml", *words)


def recap(done: subprocess.CompletedProcess[str], host: str) -> dict[str, int]:
    line = next(line for line in done.stdout.splitlines() if line.startswith(host) and "ok=" in line)
    return {word.partition("=")[0]: int(word.partition("=")[2]) for word in line.split() if "=" in word}


def test_tasks_converge_check_shows_and_facts_tell(psnet_lab: LabMaker, folder: Path) -> None:
    lab = psnet_lab("2022", "2016")
    inventory(lab, folder)
    tasks = [
        {"name": "network", f"{PREFIX}nat": NETWORK},
        {"name": "mapping", f"{PREFIX}nat_static_mapping": MAPPING, "register": "made"},
        {"name": "facts", f"{PREFIX}facts": {}},
        {
            "name": "told",
            "ansible.builtin.assert": {
                "that": [
                    "ansible_facts.psnet_facts.nats[0].name == 'web'",
                    "ansible_facts.psnet_facts.mappings[0].external_port == 8080",
                ],
            },
            "when": "not ansible_check_mode",
        },
    ]
    looked = play(folder, tasks[:1], "--check", "--diff", "--limit", "ws2022")
    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert "+ nat web 172.20.0.0/24" in looked.stdout
    assert recap(looked, "ws2022")["changed"] == 1
    assert not lab.hosts["ws2022"].nat.nats

    done = play(folder, tasks)
    assert done.returncode == 0, done.stdout + done.stderr
    for name, host in lab.hosts.items():
        assert recap(done, name) == recap(done, name) | {"ok": 4, "changed": 2, "failed": 0}
        assert [item.external_port for item in host.nat.mappings] == [8080]

    site = {
        "name": "all of it",
        f"{PREFIX}site": {"site": {"nats": [NETWORK]}},
    }
    gone = {"name": "gone", f"{PREFIX}nat_static_mapping": {"name": "http", "state": "absent"}}
    again = play(folder, [*tasks[:2], site, gone])
    assert again.returncode == 0, again.stdout + again.stderr
    for name, host in lab.hosts.items():
        assert recap(again, name) == recap(again, name) | {"ok": 4, "changed": 1, "failed": 0}
        assert not host.nat.mappings


def test_what_is_wrong_is_said_as_ansible_says_it(psnet_lab: LabMaker, folder: Path) -> None:
    lab = psnet_lab("2022")
    inventory(lab, folder)
    tasks = [
        {
            "name": "a typing error",
            f"{PREFIX}container_network": {"name": "web", "subent": "x"},
            "register": "typed",
            "ignore_errors": True,
        },
        {
            "name": "refused",
            f"{PREFIX}nat_static_mapping": {**MAPPING, "network": "nowhere"},
            "register": "refused",
            "ignore_errors": True,
        },
        {
            "name": "said",
            "ansible.builtin.assert": {
                "that": [
                    "'did you mean subnet?' in typed.msg",
                    "refused.msg == 'no nat network or NAT nowhere is declared or on the host'",
                    "refused.remedy is match('declare nats')",
                ]
            },
        },
        {
            "name": "unreachable",
            f"{PREFIX}facts": {},
            "vars": {"ansible_password": "wrong"},
        },
    ]
    done = play(folder, tasks)
    assert "All assertions passed" in done.stdout, done.stdout
    assert recap(done, "ws2022")["unreachable"] == 1
    assert done.returncode == 4
    assert lab.hosts["ws2022"].password not in done.stdout + done.stderr


def test_every_module_is_documented_and_as_the_models_are(folder: Path) -> None:
    modules = sorted(path.stem for path in (ROOT / "ansible" / "plugins" / "modules").glob("*.py"))
    assert modules == sorted(path.stem for path in (ROOT / "ansible" / "plugins" / "action").glob("*.py"))
    done = ansible(folder, "ansible-doc", "-t", "module", "--json", *(f"{PREFIX}{name}" for name in modules))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert sorted(name.removeprefix(PREFIX) for name in found) == modules
    assert found[f"{PREFIX}nat_static_mapping"]["doc"]["options"]["state"]["choices"] == ["present", "absent"]
    for name, item in found.items():
        assert item["examples"], name
        assert "collection" in item["doc"], name
    fresh = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "ansible_docs.py"), "--check"],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tools'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert fresh.returncode == 0, fresh.stderr


def test_every_module_is_in_the_action_groups_and_has_its_action() -> None:
    groups = yaml.safe_load((ROOT / "ansible" / "meta" / "runtime.yml").read_text(encoding="utf-8"))["action_groups"]
    modules = {path.stem for path in (ROOT / "ansible" / "plugins" / "modules").glob("*.py")}
    assert groups["all"] == sorted(modules)
    assert {path.stem for path in (ROOT / "ansible" / "plugins" / "action").glob("*.py")} == modules
    assert groups["resources"] == sorted({*KINDS, "docker_network"})
