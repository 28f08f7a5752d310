"""A further kind of target costs one folder: a package with its kind and its entry point."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.fleet import run_fleet
from psnet.fleet.operations import ApplyOperation, PlanOperation, plan_status, result_status
from psnet.fleet.targets import sites_for, with_section_targets
from psnet.inventories import load_inventory
from psnet.site import load_site, sections

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psnet.testing import Lab

KIND = """
from dataclasses import dataclass

from psnet._internal.model import Model
from psnet.apply import Outcome
from psnet.apply.progress import Done, Planned
from psnet.planning import Change, Plan
from psnet.site.sections import AccessPoint
from psnet.state import Facts
from psnet.targets import Applied, HostResult

STORE = {"nginx": "1.25"}  # what the runtime has: image -> version


class Runtime(Model):
    images: dict[str, str]


@dataclass(frozen=True)
class Target:
    host: str
    wanted: Runtime

    def observe(self):
        return dict(STORE)

    def plan(self, state):
        facts = Facts(computer_name=self.host, build=0, product="runtime", has_container_network=False, has_hns=False)
        changes = [
            Change(id=str(number), operation="update" if name in state else "create", kind="image", name=name,
                   title=name, backend="any", create={"version": version})
            for number, (name, version) in enumerate(self.wanted.images.items(), 1) if state.get(name) != version
        ]
        return Plan(host=self.host, site="s", backend="rest", facts=facts, fingerprint=str(state),
                    changes=tuple(changes))

    def review(self, saved, made, state, left):
        return saved

    def apply(self, plan, report):
        report(Planned.of(plan))
        outcomes = []
        for change in plan.changes:
            STORE[change.name] = change.create["version"]
            outcomes.append(Outcome(id=change.id, kind="image", name=change.name, operation=change.operation,
                                    status="changed"))
        report(Done(tuple(outcomes)))
        return Applied(plan, tuple(outcomes))

    def verify(self, applied):
        left = self.plan(self.observe())
        return HostResult(host=self.host, plan=applied.plan, outcomes=applied.outcomes, left=left)


class Kind:
    key, title, model, session_only = "runtime", "a container runtime", Runtime, False

    def place(self, data): return AccessPoint(None, "runtime.test")
    def with_placeholders(self, data): return data
    def relative_to(self, declared, folder): return declared
    def declares(self, declared): return True
    def check_host(self, declared, context): return ()
    def lint(self, declared): return ()
    def host_resources(self, declared, site): return ()
    def reached_hosts(self, declared): return ()
    def with_openers(self, declared, openers): return declared
    def open(self, connection, site): return Target(connection.host, site.sections["runtime"])
    def script(self, plan, site): return "\\n".join(f"# {change.operation} {change.name}" for change in plan.changes)


KIND = Kind()
"""


@pytest.fixture
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install the package of a third kind: its folder, and the metadata that pip writes for one."""
    (tmp_path / "third").mkdir()
    (tmp_path / "third" / "__init__.py").write_text(KIND, encoding="utf-8")
    metadata = tmp_path / "third-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: third\nVersion: 1\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text("[psnet.targets]\nruntime = third:KIND\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    sections._installed.cache_clear()
    yield
    sections._installed.cache_clear()
    sys.modules.pop("third", None)


SITE = """\
name: s
container_networks: [{name: web, mode: nat, subnet: 172.20.0.0/24}]
runtime:
  images: {nginx: "1.27", redis: "{{ redis | default('7') }}"}
"""


@pytest.mark.usefixtures("_installed")
def test_a_third_kind_goes_through_the_runner_beside_a_container_host(psnet_lab: object, tmp_path: Path) -> None:
    lab: Lab = psnet_lab("2022")  # type: ignore[operator]
    (tmp_path / "site.yaml").write_text(SITE, encoding="utf-8")
    source = load_site(tmp_path / "site.yaml")
    hosts = with_section_targets(source, load_inventory(lab.inventory)).hosts
    assert [host.name for host in hosts] == ["ws2022", "runtime.test"]
    sites = sites_for(source, hosts)
    planned = run_fleet(hosts, {name: PlanOperation(site) for name, site in sites.items()}, status_of=plan_status)
    assert [(answer.host.name, answer.status) for answer in planned.hosts] == [
        ("ws2022", "planned"),
        ("runtime.test", "planned"),
    ]
    made = run_fleet(hosts, {name: ApplyOperation(site) for name, site in sites.items()}, status_of=result_status)
    assert [answer.status for answer in made.hosts] == ["changed", "changed"]
    assert [(item.operation, item.name) for item in made.hosts[1].value.plan.changes] == [
        ("update", "nginx"),
        ("create", "redis"),
    ]
    again = run_fleet(hosts, {name: ApplyOperation(site) for name, site in sites.items()}, status_of=result_status)
    assert [answer.status for answer in again.hosts] == ["unchanged", "unchanged"]
    for words in (["plan"], ["render", "--out", str(tmp_path / "out")], ["graph", "--live"]):
        said = CliRunner().invoke(app, [words[0], str(tmp_path / "site.yaml"), "-i", str(lab.inventory), *words[1:]])
        assert said.exit_code == 0, said.output


@pytest.mark.usefixtures("_installed")
def test_its_section_is_known_to_the_schema_and_its_faults_have_a_line(tmp_path: Path) -> None:
    from psnet.errors import SiteError
    from psnet.site.schema import site_schema

    assert "runtime" in site_schema()["properties"]
    (tmp_path / "site.yaml").write_text("name: s\nruntime:\n  imgaes: {}\n", encoding="utf-8")
    with pytest.raises(SiteError, match=r"site\.yaml:3"):
        load_site(tmp_path / "site.yaml").for_target("runtime", "runtime.test")
