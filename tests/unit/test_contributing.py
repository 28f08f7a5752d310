"""CONTRIBUTING.md's how-tos, followed in a copy of the checkout: a kind of resource, a cmdlet of the lab, a claim."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sampling import swept

ROOT = Path(__file__).resolve().parents[2]

KIND = '''
"""Answers to ping."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from psnet.resources.base import Context, Identity, Observed, Resource



class Ping(Resource):
    """A host that answers ICMPv4 echo requests."""

    kind: ClassVar[str] = "ping"
    section: ClassVar[str] = "pings"

    name: str = Field(description="the firewall rule's name")

    @property
    def identity(self) -> Identity:
        """The name."""
        return Identity(self.kind, self.name)

    def observe(self, context: Context) -> Observed | None:
        """Look for the rule."""
        found = context.rule(self.name)
        return Observed(remove_all={"name": self.name}) if found is not None else None

    def values(self, context: Context) -> dict[str, Any]:
        """Return the name."""
        return {"name": self.name}
'''
CREATE = (
    "    New-NetFirewallRule -Name {{ name }} -DisplayName {{ name }} -Group 'psnet' -Protocol ICMPv4 -IcmpType 8\n"
)
APPLIED = """
from pathlib import Path
from psnet.api import Host
from psnet.inventories import load_inventory
from psnet.lab.labhost import LabHost
from psnet.lab.run import write_inventory
from psnet.lab.wire.server import LabServer
from psnet.site.load import parse_site

model = LabHost("h", "2022")
site = parse_site("pings: [{name: may-ping}]").for_host("h")
with LabServer([model]) as server:
    inventory = load_inventory(write_inventory(server, [model], Path("hosts.yaml")))
    with Host(inventory["h"].settings(), "h") as host:
        result = host.apply(site)
        assert [(item.kind, item.operation, item.status) for item in result.outcomes] == [("ping", "create", "changed")]
        assert "may-ping" in model.firewall.rules
        assert host.plan(site).empty
"""

CMDLET = '''
"""The NetQos module: no policy is ever there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets.objects import not_found
from psnet.lab.engine.cmdlet import cmdlet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext


@cmdlet("Get-NetQosPolicy")
def get_policy(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """No policy; what is asked for by name is an error."""
    # rule: qos-none
    for name in p["Name"] if "Name" in p else ():
        raise not_found("MSFT_NetQosPolicySettingData", "Name", name)
    yield from ()
'''
ASKED = """
from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.execute import run_file
from psnet.lab.labhost import LabHost

host = LabHost("h", "2022")

def run(text):
    return run_file(host, text, registry=lab_registry(host))

assert run("@(Get-NetQosPolicy).Count").stdout == ["0"]
assert "CmdletizationQuery_NotFound" in run("Get-NetQosPolicy -Name 'x'").errors[0]
assert "NamedParameterNotFound" in run("Get-NetQosPolicy -Nobody 'x'").errors[0]
"""

ENTRY = """
- id: qos-none
  rule: A host has no QoS policy of its own.
  builds: all
  rests_on: [guess]
"""
HELD = '''
"""Claims about ping."""

from psnet.lab.labhost import LabHost
from reality.claims import claim


@claim("c01")
def a_host_is_there() -> None:
    assert LabHost("h", "2022").os.key == "2022"
'''
HOLDS = """
from reality import claims, markers
from psnet.lab import evidence

assert "qos-none" in markers.markers()
assert set(markers.markers()) == {rule.id for rule in evidence.rules()}
assert markers.unmarked_refusals() == []
(proof,) = [proof for name, proof in claims.proofs() if name == "pings:a_host_is_there"]
proof()
assert claims.missing() == []
"""


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old} in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout's parts in which all three were followed step by step."""
    root = tmp_path_factory.mktemp("checkout")
    for part in ("psnet", "templates", "tests/reality"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    # A kind of resource: 1 and 2, the class and its place among the kinds.
    (root / "psnet/resources/ping.py").write_text(KIND, encoding="utf-8")
    kinds = root / "psnet/resources/__init__.py"
    replace(
        kinds,
        "from psnet.resources.qos import Qos\n",
        "from psnet.resources.ping import Ping\nfrom psnet.resources.qos import Qos\n",
    )
    replace(kinds, "Reapply),", "Reapply, Ping),")
    # 3, its templates.
    folder = root / "templates/ping/any"
    folder.mkdir(parents=True)
    (folder / "create.ps1.j2").write_text(CREATE, encoding="utf-8")
    (folder / "remove.ps1.j2").write_text("    Remove-NetFirewallRule -Name {{ name }}\n", encoding="utf-8")
    # A cmdlet: 1 to 3, the module, where it is registered, parameters of the facts.
    cmdlets = root / "psnet/lab/cmdlets"
    (cmdlets / "qos.py").write_text(CMDLET, encoding="utf-8")
    replace(cmdlets / "__init__.py", "        pki,\n", "        pki,\n        qos,\n")
    replace(
        cmdlets / "__init__.py",
        "    registry.add(pki)\n",
        '    registry.add(pki)\n    registry.add(qos, reference=entries("NetQos", docset), module_name="NetQos")\n',
    )
    # 4, and a claim: 1 to 3, the evidence and the proof.
    (root / "psnet/lab/evidence/qos.yaml").write_text(ENTRY, encoding="utf-8")
    (root / "tests/reality/held/pings.py").write_text(HELD, encoding="utf-8")
    return root


@pytest.mark.parametrize("script", [APPLIED, swept(ASKED), swept(HOLDS)], ids=["kind", "cmdlet", "claim"])
def test_what_the_page_says_is_enough(copy: Path, script: str) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(copy), str(copy / "tests")])}
    line = [sys.executable, "-c", script]
    done = subprocess.run(line, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr


def test_the_page_names_each_place_that_was_touched() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for place in (
        "psnet/resources/__init__.py",
        "templates/KIND/",
        "windows_registry",
        "evidence/AREA.yaml",
        "tests/reality/held/AREA.py",
    ):
        assert place in page
