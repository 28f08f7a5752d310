"""A user's script is typed: mypy --strict passes, and nothing that it gets is Any."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """\
import psnet

fleet = psnet.inventory("hosts.yaml")
site = psnet.load_site("s.yaml")
p = psnet.plan(site, psnet.connect("psrp://a@b").observe())
reveal_type(fleet)
reveal_type(fleet["web"])
reveal_type(fleet.host("web01").observe())
reveal_type(p)
reveal_type(fleet.plan(site)["web01"])
reveal_type(fleet.apply(site)["web01"].changed)
"""
REVEALED = [
    "psnet.shell.fleet.Fleet",
    "psnet.api.host.Host | psnet.shell.fleet.Fleet",
    "psnet.state.HostState",
    "psnet.planning.model.Plan",
    "psnet.planning.model.Plan",
    "int",
]


@pytest.mark.sweep
@pytest.mark.timeout(400)
def test_a_script_of_a_user_is_typed(tmp_path: Path) -> None:
    (tmp_path / "typed.py").write_text(SCRIPT, encoding="utf-8")
    words = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(ROOT / ".mypy_cache"), "typed.py"]
    found = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
    told = [line.split('"')[1] for line in found.stdout.splitlines() if "Revealed type" in line]
    assert [
        each.replace("builtins.", "").replace("Union[", "").replace("]", "").replace(", ", " | ") for each in told
    ] == (REVEALED)


def test_a_mistake_in_ipython_is_a_sentence() -> None:
    from psnet.errors import InputError

    error = InputError("there is no file x", remedy="check the path")
    assert error._render_traceback_() == ["there is no file x", "  remedy: check the path"]


def test_a_site_as_read_is_planned() -> None:
    import psnet
    from psnet.state import fresh_state

    source = psnet.parse_site("container_networks:\n- {name: web, mode: nat, subnet: 172.20.0.0/24}")
    assert psnet.plan(source, fresh_state(20348)).counts()["create"] == 1


def test_no_module_is_a_function_too() -> None:
    """psnet.plan and psnet.inventory are functions, and no package or module answers a call."""
    import inspect
    import pkgutil
    from importlib import import_module

    import psnet

    assert inspect.isfunction(psnet.plan)
    assert inspect.isfunction(psnet.inventory)
    assert psnet.plan is import_module("psnet.planning.build").plan
    packages = {item.name for item in pkgutil.iter_modules(psnet.__path__)}
    assert not packages & set(psnet.__all__), "a name of psnet is a module or a value, never both"
    made = [name for name, module in sys.modules.items() if name.startswith("psnet") and callable(module)]
    assert made == []
