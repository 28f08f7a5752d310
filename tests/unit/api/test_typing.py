"""A user's script is typed: mypy --strict passes, and nothing that it gets is Any."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
#: Each expression of a user's script, and what it is; mypy refuses the script when any expression in it is Any.
REVEALED = {
    "fleet": "psnet.shell.fleet.Fleet",
    'fleet["web"]': "psnet.api.host.Host | psnet.shell.fleet.Fleet",
    'fleet.host("web01").observe()': "psnet.state.HostState",
    "fleet.observe()": "psnet.shell.results.ResultsByHost[psnet.state.HostState]",
    "p": "psnet.planning.model.Plan",
    "p.changes[0].fields[0]": "psnet.resources.base.FieldChange",
    "p.counts()": "dict[str, int]",
    'fleet.plan(site)["web01"]': "psnet.planning.model.Plan",
    'fleet.apply(site)["web01"].changed': "int",
    "host.observe().networks[0]": "psnet.state.NetworkState",
    "host.apply(site)": "psnet.targets.protocol.HostResult",
    "host.apply(site).outcomes[0]": "psnet.apply.outcome.Outcome",
}
AWAITED = {
    "other": "psnet.api.asynchronous.AsyncHost",
    "await other.observe()": "psnet.state.HostState",
    "await other.plan(site)": "psnet.planning.model.Plan",
    "await other.apply(site)": "psnet.targets.protocol.HostResult",
    'psnet.aio.hosts("hosts.yaml", "web*")': "AsyncHost",
}
SCRIPT = f"""\
import asyncio

import psnet
import psnet.aio

fleet = psnet.inventory("hosts.yaml")
site = psnet.load_site("s.yaml")
host = psnet.connect("psrp://a@b")
p = psnet.plan(site, psnet.connect("psrp://a@b").observe())
{"".join(f"reveal_type({each}){chr(10)}" for each in REVEALED)}

async def main() -> None:
    async with psnet.aio.connect("psrp://a@b") as other:
{"".join(f"        reveal_type({each}){chr(10)}" for each in AWAITED)}

asyncio.run(main())
"""


@pytest.mark.sweep
@pytest.mark.timeout(400)
def test_a_script_of_a_user_is_typed(tmp_path: Path) -> None:
    (tmp_path / "typed.py").write_text(SCRIPT, encoding="utf-8")
    cache = str(ROOT / ".mypy_cache")
    words = [sys.executable, "-m", "mypy", "--strict", "--disallow-any-expr", "--cache-dir", cache, "typed.py"]
    found = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
    told = [line.split('"')[1] for line in found.stdout.splitlines() if "Revealed type" in line]
    expected = [*REVEALED.values(), *AWAITED.values()]
    assert len(told) == len(expected)
    assert [each for each in zip(told, expected, strict=True) if each[1] not in _plain(each[0])] == []


def _plain(revealed: str) -> str:
    return re.sub(r"Union\[(.*)\]$", lambda found: found[1].replace(", ", " | "), revealed.replace("builtins.", ""))


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


@pytest.mark.parametrize("given", ["site.yaml", Path("site.yaml")])
def test_a_path_in_place_of_a_site_is_told(given: str | Path) -> None:
    import psnet
    from psnet.errors import InputError
    from psnet.state import fresh_state

    with pytest.raises(InputError, match=r"not the text 'site.yaml'\n  remedy: write psnet.load_site\('site.yaml'\)"):
        psnet.plan(given, fresh_state(20348))  # type: ignore[arg-type]  # that is the mistake
    with pytest.raises(InputError, match="a site is expected, not what was given"):
        psnet.plan(5, fresh_state(20348))  # type: ignore[arg-type]  # as above
