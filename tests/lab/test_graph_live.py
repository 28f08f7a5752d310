"""psnet graph against the lab: hosts and the Network Controller as they are, with what a site would change."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

import psnet
from psnet.cli.app import app
from psnet.errors import InputError
from psnet.lab.wire import Fault, FaultPlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SITE = str(EXAMPLES / "minimal" / "site.yaml")
GROUP = "{http://www.w3.org/2000/svg}g"


def graph(*words: str) -> Any:
    return CliRunner().invoke(app, ["graph", *words])


def stands(svg: str) -> dict[str, int]:
    """Return how many boxes there are of each standing."""
    found: dict[str, int] = {}
    for item in ET.fromstring(svg).iter(GROUP):
        words = item.get("class", "").split()
        if words and words[0].startswith("k-"):
            found[words[1]] = found.get(words[1], 0) + 1
    return found


def test_what_a_site_would_make_is_green_until_it_is_made(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2022")
    inventory = ["-i", str(lab.inventory), "--live"]
    assert stands(graph(SITE, *inventory).output) == {"same": 2, "added": 3, "changed": 1}  # the firewall gets a rule
    with lab.connect() as host:
        host.apply(psnet.load_site(SITE))
    assert set(stands(graph(SITE, *inventory).output)) == {"same"}
    page = tmp_path / "hosts.html"
    assert graph(str(lab.inventory), "--live", "--out", str(page)).exit_code == 0
    assert "TCP 8080" in page.read_text(encoding="utf-8")


def test_a_host_that_cannot_be_seen_stands_there_with_the_reason(psnet_lab: LabMaker) -> None:
    lab = psnet_lab("2016", "2022", faults=FaultPlan.of(Fault(action="unauthorized", host="ws2016", times="always")))
    done = graph(str(lab.inventory), "--live")
    assert done.exit_code == 4
    assert re.search(r">connecting: [^<]*refused the logon", done.output)
    assert "ws2022" in done.output


def test_the_controller_is_drawn_and_coloured_with_the_rest(psnet_lab: LabMaker) -> None:
    lab = psnet_lab("2022", controller=True)
    site = str(EXAMPLES / "sdn" / "site.yaml")
    declared = graph(site, "-i", str(lab.inventory))
    assert declared.exit_code == 0
    assert "203.0.113.10 TCP 443" in declared.output
    before = stands(graph(site, "-i", str(lab.inventory), "--live").output)
    assert before["added"] > 10
    made = psnet.inventory(lab.inventory).apply(psnet.load_site(site))
    assert not made.errors
    assert set(stands(graph(site, "-i", str(lab.inventory), "--live").output)) == {"same"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([SITE, "--live"], "--live looks at hosts"),
        ([SITE, "--format", "png"], "no format"),
        ([str(EXAMPLES / "nowhere.yaml")], "there is no file"),
    ],
)
def test_what_is_asked_wrongly_is_told(words: list[str], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PSNET_INVENTORY", raising=False)
    done = graph(*words)
    assert isinstance(done.exception, InputError)
    assert said in str(done.exception)


def test_runs_of_scripts_and_plays_have_a_report_too(
    psnet_lab: LabMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PSNET_JOURNAL", str(tmp_path / "journal.sqlite"))
    inventory = str(psnet_lab("2022").inventory)
    book = tmp_path / "play.yaml"
    book.write_text("- hosts: all\n  tasks: [psnet.container_network: {name: web, mode: nat, subnet: 172.20.0.0/24}]\n")
    for words in (["run", "-i", inventory, "--", "'hello'"], ["play", str(book), "-i", inventory]):
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.output
        page = tmp_path / "run.html"
        done = CliRunner().invoke(app, ["runs", "show", "last", "--html", str(page)])
        assert done.exit_code == 0, done.exception
        assert "<h3>ws2022</h3>" in page.read_text(encoding="utf-8")
    assert "container_network" in page.read_text(encoding="utf-8")
