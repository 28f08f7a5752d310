"""The same cmdlets as Ansible ``raw`` tasks over its psrp connection, or as one."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import yaml

from bench.commands import COMMANDS, LOOK
from psnet.inventories import load_inventory


def program() -> str | None:
    """Return ansible-playbook, beside this Python or on the path; None when ansible-core is not installed."""
    beside = Path(sys.executable).with_name("ansible-playbook")
    return str(beside) if beside.is_file() else shutil.which("ansible-playbook")


def measure(inventory: Path, forks: int, folder: Path, last: int, commands: tuple[str, ...]) -> dict[str, float]:
    """Run the playbook over an inventory; the time is that of the whole command."""
    hosts = {}
    for host in load_inventory(inventory).hosts[:last]:
        settings = host.settings()
        hosts[host.name] = {
            "ansible_host": settings.address,
            "ansible_port": settings.effective_port,
            "ansible_psrp_path": settings.path,
            "ansible_user": settings.user,
            "ansible_password": settings.password.get_secret_value() if settings.password else "",
        }
    shared = {
        "ansible_connection": "psrp",
        "ansible_psrp_auth": settings.auth,
        "ansible_psrp_ca_cert": settings.ca_file,
    }
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": shared}}), encoding="utf-8")
    tasks = [{"raw": command, "changed_when": False} for command in commands]
    book = [{"hosts": "all", "gather_facts": False, "tasks": tasks}]
    (folder / "play.yml").write_text(yaml.safe_dump(book), encoding="utf-8")
    environment = {**os.environ, "ANSIBLE_HOME": str(folder / "home"), "ANSIBLE_NOCOLOR": "true", "LC_ALL": "C.UTF-8"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(program()), "-i", "hosts.yml", "-f", str(forks), "play.yml"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"ansible-playbook failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "cpu": cpu, "peak_mb": after.ru_maxrss / 1024}


if __name__ == "__main__":
    scripts = (LOOK,) if sys.argv[5] == "best" else COMMANDS
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), scripts)))
