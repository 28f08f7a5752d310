"""A play whose standard output takes nothing: it runs on, and its end is a sentence and an exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sampling import every

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAY = """\
- hosts: localhost
  gather_facts: false
  vars: {ansible_python_interpreter: "{{ ansible_playbook_python }}"}
  tasks:
    - debug: {msg: first}
    - copy: {content: done, dest: "{{ playbook_dir }}/done"}
    - fail: {}
      when: fails | default(false)
"""
FULL = Path("/dev/full")
MORE = ((), ("--json",), ("--list-tasks",), ("--version",), ("-e", "fails=1"))


@pytest.fixture
def descriptor(request: pytest.FixtureRequest) -> Iterator[int]:
    if request.param == "full":
        made = os.open(FULL, os.O_WRONLY)
    else:
        reading, made = os.pipe()
        os.close(reading)
    yield made
    os.close(made)


CASES = every(7, [(end, more) for end in ("full", "closed") for more in MORE])


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(("descriptor", "more"), CASES, indirect=["descriptor"])
def test_a_play_without_an_output(
    descriptor: int, more: tuple[str, ...], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "play.yml"
    path.write_text(PLAY)
    words = ["play", str(path), "-i", "localhost,", "-c", "local", *more]
    done = subprocess.run(
        [sys.executable, "-m", "psnet", *words], stdout=descriptor, stderr=subprocess.PIPE, text=True, check=False
    )
    full = "full" in request.node.callspec.id
    assert done.returncode == (2 if "fails=1" in more else 1)  # Ansible's own code where it has one
    assert ("error: no space left on device: what was printed is not whole" in done.stderr) == full
    assert "Traceback" not in done.stderr
    assert "Callback dispatch" not in done.stderr
    assert (tmp_path / "done").exists() == ("--version" not in more and "--list-tasks" not in more)
