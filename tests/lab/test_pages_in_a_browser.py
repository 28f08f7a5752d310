"""Pages in a real browser (Chromium): they find, narrow and unfold, and they fit a telephone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from chromium import chromium, needs_chromium
from selenium.webdriver.common.by import By
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.report.graph import Graph, HostGraph, Node
from psnet.report.html import graph_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selenium.webdriver import Chrome

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

SITE = str(Path(__file__).resolve().parents[2] / "examples" / "minimal" / "site.yaml")
pytestmark = needs_chromium


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    with chromium(tmp_path / "browser") as driver:
        yield driver


def visible(browser: Chrome) -> list[str]:
    hosts = browser.find_elements(By.CSS_SELECTOR, "details.host")
    return [item.find_element(By.TAG_NAME, "h3").text for item in hosts if item.is_displayed()]


def find(browser: Chrome, words: str) -> list[str]:
    box = browser.find_element(By.ID, "find")
    box.clear()
    box.send_keys(words)
    return visible(browser)


def fits(browser: Chrome, width: int) -> bool:
    browser.set_window_size(width, 900)
    return bool(browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth"))


def sixty() -> Graph:
    """Return the picture of 60 hosts of 20 kinds, in two groups."""
    hosts = tuple(
        HostGraph(
            name=f"web{number:02d}",
            about=f"Windows Server 2022 Datacenter, build {20348 + number // 3}",
            nodes=(Node(id="network/web", kind="network", label="web", stand="added"),),
            changes={"create": 9},
        )
        for number in range(60)
    )
    return Graph(title="shop", hosts=hosts, groups={"front": tuple(host.name for host in hosts[:30])})


def test_a_report_and_a_graph_are_searched_unfolded_and_fit(
    psnet_lab: LabMaker, browser: Chrome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = psnet_lab("2016", "2022")
    journal, report, graph = (str(tmp_path / name) for name in ("j.sqlite", "run.html", "graph.html"))
    monkeypatch.setenv("PSNET_JOURNAL", journal)
    inventory, site = str(lab.inventory), tmp_path / "site.yaml"
    # A network that 2016 makes with New-ContainerNetwork and 2022 through HNS.
    site.write_text("name: web\ncontainer_networks:\n  - {name: web, mode: nat, subnet: 172.20.0.0/24}\n")
    for words in (
        ["graph", str(site), "-i", inventory, "--live", "--out", graph],
        ["apply", str(site), "-i", inventory, "--yes"],
        ["runs", "show", "last", "--html", report],
    ):
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.output

    browser.get(f"file://{report}")
    assert visible(browser) == ["ws2016", "ws2022"]
    assert find(browser, "build 14393 new-containernetwork") == []
    assert find(browser, "new-containernetwork") == ["ws2016"]
    assert browser.find_element(By.ID, "count").text == "1 of 2"
    host = browser.find_element(By.CSS_SELECTOR, "details.host:not(.hidden)")
    host.find_element(By.TAG_NAME, "summary").click()
    change = host.find_element(By.CSS_SELECTOR, ".inside details")
    change.find_element(By.TAG_NAME, "summary").click()
    assert "New-ContainerNetwork" in change.find_element(By.TAG_NAME, "pre").text
    assert fits(browser, 1280)
    assert fits(browser, 500)

    browser.get(f"file://{graph}")
    assert find(browser, "ws2022") == ["ws2022"]
    assert find(browser, "172.20.0.0/24 14393") == ["ws2016"]
    assert browser.find_element(By.CSS_SELECTOR, "details.host:not(.hidden) svg .added").is_displayed()
    assert fits(browser, 500)

    overview = tmp_path / "sixty.html"
    overview.write_text(graph_html(sixty()), encoding="utf-8")
    browser.get(f"file://{overview}")
    for width in (1280, 390):
        assert fits(browser, width)
        for card in browser.find_elements(By.CSS_SELECTOR, ".card"):  # none is cut, or runs over another
            assert 0 <= card.rect["x"] <= card.rect["x"] + card.rect["width"] <= width
    assert len(browser.find_elements(By.CSS_SELECTOR, ".card")) == 20
    assert find(browser, "web31") == ["web30, web31, web32"]
    shown = [item.text for item in browser.find_elements(By.CSS_SELECTOR, ".card") if item.is_displayed()]
    assert len(shown) == 1
    assert shown[0].splitlines()[0] == "web30, web31, web32"
    assert not browser.find_element(By.XPATH, "//h2[.='front']").is_displayed()
    assert not [line for line in browser.get_log("browser") if line["level"] == "SEVERE"]
