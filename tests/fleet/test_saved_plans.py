"""Saved plans: exactly they are applied, from any folder and whatever became of the files; what is wrong is said."""

from __future__ import annotations

import json
import shlex
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from psnet.cli import review
from psnet.cli.app import app
from psnet.errors import InputError
from psnet.planning import saved

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

SITE = """\
name: x
container_networks:
  - {name: web, mode: nat, subnet: 172.20.0.0/24}
firewall_rules:
  - {name: zzz, direction: Inbound, action: Allow, protocol: TCP, local_ports: "{{ port | default(81) }}"}
"""


def run(*words: str, given: str | None = None) -> Any:
    return CliRunner().invoke(app, list(words), input=given)


@pytest.fixture
def workplace(psnet_lab: LabMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, Path]:
    lab = psnet_lab("2022", count=2)
    for host in lab.hosts.values():
        for network in list(host.hns.networks):
            host.hns.remove(network)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("PSNET_JOURNAL", str(tmp_path / "j.sqlite"))
    Path("site.yaml").write_text(SITE, encoding="utf-8")
    return lab, tmp_path / "work"


def rules(lab: Lab) -> dict[str, list[str]]:
    return {
        name: host.firewall.rules["zzz"].local_port for name, host in lab.hosts.items() if "zzz" in host.firewall.rules
    }


def test_what_plan_prints_works_from_any_folder_after_the_site_changed_and_went(
    workplace: tuple[Lab, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, work = workplace
    planned = run("plan", "site.yaml", "-i", str(lab.inventory), "--limit", "ws2022-01", "--out", "my plan.json")
    assert planned.exit_code == 0, planned.output
    command = planned.output.rpartition("apply it with: ")[2].strip()
    assert stat.S_IMODE((work / "my plan.json").stat().st_mode) == 0o600
    assert shlex.split(command) == ["psnet", "apply", str((work / "my plan.json").resolve())]
    monkeypatch.chdir(tmp_path)
    (work / "site.yaml").write_text(
        SITE.replace("default(81)", "default(82)").replace("web", "other"), encoding="utf-8"
    )
    applied = run(*shlex.split(command)[1:])
    assert applied.exit_code == 0, applied.output
    assert rules(lab) == {"ws2022-01": ["81"]}
    assert [item.name for item in lab.hosts["ws2022-01"].hns.networks] == ["web"]
    assert "verified: nothing left" in applied.output
    monkeypatch.chdir(work)
    second = run("plan", str(work / "site.yaml"), "-i", str(lab.inventory), "-l", "ws2022-02", "-o", "second.json")
    assert second.exit_code == 0, second.output
    (work / "site.yaml").unlink()
    monkeypatch.chdir(tmp_path)
    assert run("apply", str(work / "second.json")).exit_code == 0
    assert rules(lab) == {"ws2022-01": ["81"], "ws2022-02": ["82"]}


def test_a_stale_plan_is_refused_for_the_host_that_changed(workplace: tuple[Lab, Path]) -> None:
    lab, _ = workplace
    assert run("plan", "site.yaml", "-i", str(lab.inventory), "-o", "p.json").exit_code == 0
    lab.hosts["ws2022-02"].hns.create("strange", "internal")
    result = run("apply", "p.json")
    assert result.exit_code != 0
    assert "the host has changed since the plan was saved: " in result.output
    assert "network strange is new" in result.output
    assert rules(lab) == {"ws2022-01": ["81"]}


def test_a_stale_plan_names_what_changed_field_by_field(workplace: tuple[Lab, Path]) -> None:
    lab, _ = workplace
    host = lab.hosts["ws2022-01"]
    subnets = [{"AddressPrefix": "172.28.0.0/24", "GatewayAddress": "172.28.0.1"}]
    host.hns.create("old", "nat", subnets=subnets)
    assert run("apply", "site.yaml", "-i", str(lab.inventory), "--yes", "-l", "ws2022-01").exit_code == 0
    Path("site.yaml").write_text(SITE.replace("default(81)", "default(82)"), encoding="utf-8")
    assert run("plan", "site.yaml", "-i", str(lab.inventory), "-l", "ws2022-01", "-o", "p.json").exit_code == 0
    shown = Path("p.json").read_text(encoding="utf-8")
    host.hns.remove(next(item for item in host.hns.networks if item.name == "old"))
    host.firewall.rules["zzz"].action = "Block"
    result = run("apply", "p.json")
    assert result.exit_code == 3, result.output
    assert "network old is gone" in result.output
    assert "firewall rule zzz: action changed" in result.output
    assert len(shown) < 20_000


def test_a_host_that_is_another_machine_by_now_is_refused(workplace: tuple[Lab, Path]) -> None:
    lab, _ = workplace
    assert run("plan", "site.yaml", "-i", str(lab.inventory), "-o", "p.json").exit_code == 0
    text = lab.inventory.read_text(encoding="utf-8").replace("127.0.0.1", "127.0.0.2")
    lab.inventory.write_text(text, encoding="utf-8")
    error = run("apply", "p.json").exception
    assert "127.0.0.2" in str(error)
    assert "was Administrator@127.0.0.1" in str(error)
    assert rules(lab) == {}


def test_variables_are_those_of_the_plan(workplace: tuple[Lab, Path]) -> None:
    lab, work = workplace
    (work / "host_vars").mkdir()
    inventory = work / "hosts.yaml"
    given = lab.inventory.read_text(encoding="utf-8")
    for name in ("ca.pem", "password"):  # they lie beside the lab's inventory
        given = given.replace(f"hosts.{name}", str(lab.inventory.with_name(f"hosts.{name}")))
    inventory.write_text(given, encoding="utf-8")
    variables = work / "host_vars" / "ws2022-01.yaml"
    variables.write_text("port: 8443\nsecret: not-in-the-plan\n", encoding="utf-8")
    assert run("plan", "site.yaml", "-i", "hosts.yaml", "-o", "p.json").exit_code == 0
    variables.write_text("port: 1\n", encoding="utf-8")
    assert "not-in-the-plan" not in Path("p.json").read_text(encoding="utf-8")
    result = run("apply", "p.json")
    assert result.exit_code == 0, result.output
    assert rules(lab) == {"ws2022-01": ["8443"], "ws2022-02": ["81"]}


BROKEN: dict[str, tuple[Callable[[str], str], str]] = {
    "cut": (lambda text: text[: len(text) // 2], "is cut: it ends in line"),
    "cut at a line": (lambda text: "\n".join(text.splitlines()[:10]), "is cut: it ends in line 10"),
    "edited": (lambda text: text.replace("172.20.0.0/24", "172.20.9.0/24"), "was edited after it was saved"),
    "edited limit": (lambda text: text.replace('"prune": false', '"prune": true'), "was edited after it was saved"),
    "garbage": (
        lambda text: text.replace('"plans": [', '"plans": ['.replace("[", "[ oops,")),
        "is damaged: no JSON in line",
    ),
    "another version": (lambda text: text.replace('"psnet": "', '"psnet": "9.'), "was saved by psnet 9."),
    "another format": (lambda text: text.replace('"format": 2', '"format": 1', 1), "another format (1)"),
    "another thing": (lambda _: '{"kind": "psnet-run"}', "is no saved plan of psnet"),
    "deep": (lambda _: '{"a":' * 200_000, "is damaged"),
}


@pytest.fixture
def plan_text(tmp_path: Path) -> str:
    from psnet.planning import plan
    from psnet.site import parse_site
    from psnet.state import fresh_state

    source = parse_site(SITE, "site.yaml")
    made = plan(source.for_host("h", {}), fresh_state(20348), host="h")
    saved.save_plans(tmp_path / "whole.json", saved.saved_plans(source, [], [made]))
    return (tmp_path / "whole.json").read_text(encoding="utf-8")


def test_a_file_that_is_cut_anywhere_is_told_as_cut(plan_text: str, tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    for place in range(30, len(plan_text) - 2, len(plan_text) // 211):
        path.write_text(plan_text[:place], encoding="utf-8")
        with pytest.raises(InputError, match="is cut: it ends in line"):
            saved.load_plans(path)


@pytest.mark.parametrize("kind", BROKEN)
def test_a_file_that_is_not_as_it_was_saved_says_which(kind: str, plan_text: str, tmp_path: Path) -> None:
    change, told = BROKEN[kind]
    path = tmp_path / "p.json"
    path.write_text(change(plan_text), encoding="utf-8")
    with pytest.raises(InputError, match=told.replace("(", r"\(").replace(")", r"\)")):
        saved.load_plans(path)


def test_a_file_without_end_is_not_read(tmp_path: Path, plan_text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "LONGEST", 1024)
    (tmp_path / "p.json").write_text(plan_text + " " * 2000, encoding="utf-8")
    with pytest.raises(InputError, match="has more than"):
        saved.load_plans(tmp_path / "p.json")


def test_show_needs_no_host(tmp_path: Path, plan_text: str) -> None:
    path = tmp_path / "p.json"
    path.write_text(plan_text, encoding="utf-8")
    text = run("show", str(path)).output
    assert "+ container_network web nat 172.20.0.0/24" in text
    assert json.loads(run("show", str(path), "--json").output)["site"]["text"] == SITE
    assert (
        run("show", str(path), "--html", str(tmp_path / "p.html"), "--picture", str(tmp_path / "p.svg")).exit_code == 0
    )
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "172.20.0.0/24" in page
    assert (tmp_path / "p.svg").read_text(encoding="utf-8").startswith("<svg")
    assert run("graph", str(path), "--out", str(tmp_path / "g.dot")).exit_code == 0
    refused = run("graph", str(path), "--out", str(tmp_path / "g.png")).exception
    assert "psnet draws no PNG" in str(refused)
    assert "psnet draws no picture .xyz" in str(run("show", str(path), "--picture", str(tmp_path / "g.xyz")).exception)


def test_on_a_terminal_the_plan_is_shown_asked_about_and_done(
    workplace: tuple[Lab, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, _ = workplace
    monkeypatch.setattr(review, "can_prompt", lambda: True)
    refused = run("apply", "site.yaml", "-i", str(lab.inventory), given="n\n")
    assert refused.exit_code == 1
    assert "ws2022-[01:02]  2 hosts" in refused.output
    assert "in all 4 to create on 2 hosts" in refused.output
    assert rules(lab) == {}
    asked = run("apply", "site.yaml", "-i", str(lab.inventory), given="y\n")
    assert asked.exit_code == 0, asked.output
    assert rules(lab) == {"ws2022-01": ["81"], "ws2022-02": ["81"]}
    again = run("apply", "site.yaml", "-i", str(lab.inventory))
    assert again.exit_code == 0
    assert "nothing to do" in again.output


def test_destroy_takes_away_what_psnet_made_and_nothing_else(workplace: tuple[Lab, Path]) -> None:
    lab, _ = workplace
    for host in lab.hosts.values():
        host.hns.create("foreign", "internal")
    assert run("apply", "site.yaml", "-i", str(lab.inventory), "--yes").exit_code == 0
    planned = run("destroy", "-i", str(lab.inventory), "--out", "gone.json")
    assert planned.exit_code == 0, planned.output
    assert "- container_network web" in planned.output
    assert rules(lab) != {}
    asked = run("destroy", "-i", str(lab.inventory))  # there is no terminal
    assert "destroy changes hosts" in str(asked.exception)
    assert "psnet destroy --out" in str(asked.exception)
    assert "by psnet 0.1.0 from psnet destroy\n" in run("show", "gone.json").output
    result = run("apply", "gone.json")
    assert result.exit_code == 0, result.output
    assert rules(lab) == {}
    assert [[item.name for item in host.hns.networks] for host in lab.hosts.values()] == [["foreign"], ["foreign"]]
    empty = run("destroy", "-i", str(lab.inventory), "--yes")
    assert empty.exit_code == 0, empty.output


def test_a_plan_that_was_applied_already_says_what_is_there(workplace: tuple[Lab, Path]) -> None:
    lab, folder = workplace
    assert run("plan", "site.yaml", "-i", str(lab.inventory), "--out", "p.json").exit_code == 0
    assert run("apply", "p.json").exit_code == 0
    again = run("apply", "p.json")
    assert again.exit_code == 3
    assert "network web is new" in again.output
    gone = folder / "moved.yaml"
    lab.inventory.rename(gone)
    try:
        missing = run("apply", "p.json").exception
        assert f"{lab.inventory}, which p.json was planned with, is gone" in str(missing)
        assert "-i INVENTORY" in str(missing)
    finally:
        gone.rename(lab.inventory)
