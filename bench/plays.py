"""How long plays take through ``psnet play``, the lab's hosts being in another process: ``python -m bench.plays``."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

_LAB = """
import gc, signal, sys
gc.set_threshold(50_000, 20, 20)  # as psnet lab up has it
from pathlib import Path
from psnet.lab.run import make_hosts, write_inventory
from psnet.lab.wire.server import LabServer
hosts = make_hosts(("2022",), int(sys.argv[1]))
with LabServer(hosts) as server:
    write_inventory(server, hosts, Path(sys.argv[2]))
    print("ready", flush=True)
    signal.pause()
"""
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of linux/prctl.h
_RULE = {"direction": "Inbound", "action": "Allow", "protocol": "TCP"}


def _rule(name: str, port: str) -> dict[str, object]:
    return {"psnet.windows_containers.firewall_rule": {"name": name, **_RULE, "local_ports": [port]}}


def _loop(count: int) -> list[dict[str, object]]:
    task = _rule("rule-{{ item }}", "{{ 9000 + item }}")
    return [{"name": "rules", **task, "loop": f"{{{{ range(0, {count}) | list }}}}"}]


CASES = {
    "a loop of 60 rules, one host": (1, _loop(60)),
    "a loop of 200 rules, one host": (1, _loop(200)),
    "one task, 50 hosts": (50, [{"name": "rule", **_rule("rule", "9000")}]),
    "ten tasks, 20 hosts": (20, [{"name": f"rule {n}", **_rule(f"rule-{n}", str(9000 + n))} for n in range(10)]),
}


def measure(count: int, tasks: list[dict[str, object]]) -> dict[str, float]:
    """Return seconds on fresh hosts: of the whole command, and of processors for Ansible and for psnet's process."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)  # so that psnet's process, whose parent ends first, is waited for here
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = folder / "play.yml"
        book.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": tasks}]), encoding="utf-8")
        lab = subprocess.Popen(
            [sys.executable, "-c", _LAB, str(count), str(folder / "hosts.yaml")], stdout=subprocess.PIPE, text=True
        )
        try:
            assert lab.stdout is not None
            lab.stdout.readline()
            environment = {
                **os.environ,
                "ANSIBLE_HOME": str(folder / "home"),
                "PSNET_JOURNAL": str(folder / "j.sqlite"),
            }
            line = ["-m", "psnet", "play", str(book), "-i", str(folder / "hosts.yaml"), "--forks", "20"]
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            done = subprocess.run([sys.executable, *line], env=environment, capture_output=True, text=True, check=False)
            seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            own = _orphans(lab.pid)
        finally:
            lab.kill()
            lab.wait()
        if done.returncode:
            raise SystemExit(f"psnet play failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {"seconds": round(seconds, 1), "ansible": round(cpu, 1), "psnet": round(own, 1)}


def _orphans(lab: int) -> float:
    """Wait for what the command left behind, which ends by itself; return its processor seconds."""
    own, until = 0.0, time.monotonic() + 10
    while time.monotonic() < until:
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
        left = [int(pid) for pid in listed if int(pid) != lab]
        if not left:
            break
        for pid in left:
            done, _, used = os.wait4(pid, os.WNOHANG)
            own += used.ru_utime + used.ru_stime if done else 0.0
        time.sleep(0.02)
    return own


if __name__ == "__main__":
    for title, (hosts, tasks) in CASES.items():
        print(json.dumps({"case": title, **measure(hosts, tasks)}), flush=True)
