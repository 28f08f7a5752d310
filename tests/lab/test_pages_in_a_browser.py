"""Pages in a real browser (Chromium): they find, narrow and unfold, and they fit a telephone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from chromium import chromium, needs_chromium
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from typer.testing import CliRunner

from psnet.checks.trace import Trace, TraceStep
from psnet.cli.app import app
from psnet.dsc.server.admin import NodeStatus, nodes_page
from psnet.report.graph import Graph, HostGraph, Node
from psnet.report.html import graph_html, page, trace_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selenium.webdriver import Chrome

    from psnet.report.graph.model import Kind
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


WHOLE = ("10.0.0.0/24", "8000-8100/tcp", "fd00:10:244:1::/64", "172.20.0.10:8080", "psnet plan site.yaml")
WRAPPED = """
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = {};
for (let node; (node = walker.nextNode());) for (const word of arguments[0]) {
  for (let at = -1; (at = node.data.indexOf(word, at + 1)) >= 0;) {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + word.length);
    const tops = new Set([...range.getClientRects()].filter((box) => box.width).map((box) => Math.round(box.top)));
    if (tops.size) found[word] = Math.max(found[word] || 0, tops.size);
  }
}
return found;
"""


def test_no_line_breaks_a_range_an_address_or_a_command(browser: Chrome, tmp_path: Path) -> None:
    """A sentence of every length before them, so that one of them would stand at the end of a line."""
    said = " ".join(f"{'x' * number} {word}" for number in range(1, 24) for word in WHOLE[:-1])
    said += " ".join(f" {'y' * number} `{WHOLE[-1]}`" for number in range(1, 24))
    step = TraceStep(kind="nat", verdict="open", says=said, evidence=said)
    pages = {
        "run": page("run.html.j2", **run_with(said)),
        "trace": trace_html(Trace(host="web01", port=80, protocol="TCP", steps=(step,)), "open"),
    }
    for name, text in pages.items():
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
        browser.get(f"file://{tmp_path / f'{name}.html'}")
        for width in (1280, 500):
            browser.set_window_size(width, 900)
            browser.execute_script("for (const item of document.querySelectorAll('details')) item.open = true;")
            assert browser.execute_script(WRAPPED, list(WHOLE)) == dict.fromkeys(WHOLE, 1), (name, width)
            assert fits(browser, width)


def run_with(said: str) -> dict[str, object]:
    """Return what the page of a run shows, each of its texts the same."""
    fields = [{"field": "subnets", "old": said, "new": said}]
    change = {"style": "good", "status": "changed", "sign": "~", "kind": "acl", "title": said, "message": said,
              "error_id": "x", "fields": fields, "price": [said], "scripts": ["Get-NetNat"]}  # fmt: skip
    error = {"message": said, "remedy": said}
    host = {"name": "web01", "status": "failed", "style": "bad", "about": "", "text": "", "nothing": "",
            "error": error, "changes": [change]}  # fmt: skip
    run = {"id": "1", "command": "apply", "site": "site.yaml", "inventory": "hosts.yaml", "started": "now",
           "took": "", "status": "failed", "style": "bad"}  # fmt: skip
    return {"run": run, "tiles": [], "errors": [{"hosts": "web01", **error}], "pictures": [], "hosts": [host]}


def wide_host() -> HostGraph:
    """Return a host whose picture no telephone has room for."""
    kinds: tuple[Kind, ...] = ("port", "switch", "endpoint")
    nodes = tuple(Node(id=f"{kind}/x", kind=kind, label="a rather long label of a box") for kind in kinds)
    return HostGraph(name="web01", nodes=nodes, notes=("warning: 10.0.0.0/24 is " + "far " * 40,))


def test_wide_pictures_scroll_in_their_boxes_and_say_so(browser: Chrome, tmp_path: Path) -> None:
    path = tmp_path / "wide.html"
    path.write_text(graph_html(Graph(title="shop", hosts=(wide_host(),))), encoding="utf-8")
    browser.get(f"file://{path}")
    hint = "return getComputedStyle(document.querySelector('.picture'), '::before').content"
    for width, told in ((500, True), (1400, False)):
        assert fits(browser, width)
        WebDriverWait(browser, 5).until(lambda found, told=told: ("sideways" in found.execute_script(hint)) is told)
    browser.set_window_size(500, 900)
    box = browser.find_element(By.CSS_SELECTOR, ".picture")
    assert browser.execute_script("return arguments[0].scrollWidth > arguments[0].clientWidth", box)
    size = "return parseFloat(getComputedStyle(document.querySelector('.picture svg text.t')).fontSize)"
    drawn = "const s = document.querySelector('.picture svg'); "
    scale = f"{drawn}return s.getBoundingClientRect().width / s.viewBox.baseVal.width"
    assert browser.execute_script(size) * browser.execute_script(scale) > 10  # pixels: it can be read
    note = browser.find_element(By.CSS_SELECTOR, ".note")
    assert note.rect["x"] + note.rect["width"] <= 500


def test_the_pull_servers_page_is_a_table_and_on_a_telephone_a_card_a_node(browser: Chrome, tmp_path: Path) -> None:
    error = "The process cannot access the file because it is being used by another process. (0x80070020)"
    parts = (("[PSNetContainerNetwork]web-172.20.0.0/24", ""), ("[PSNetNatStaticMapping]http-8000-8100/tcp", error))
    node: dict[str, Any] = {"agent": "8f14e45f", "address": "10.0.0.1", "configurations": ("web.base", "web.edge"),
            "action": "Ok", "registered": "2026-11-30T08:00:00", "seen": "2026-12-01T03:59:00"}  # fmt: skip
    found = [
        NodeStatus(node="web01.a.long.domain.example", **node, not_in_desired_state=parts, in_desired_state=False),
        NodeStatus(node="web02", **node, reported="2026-12-01T03:58:00", errors=("the last report cannot be read",)),
    ]
    path = tmp_path / "nodes.html"
    path.write_text(nodes_page(found, (), ()), encoding="utf-8")
    browser.get(f"file://{path}")
    words = ["web-172.20.0.0/24", "http-8000-8100/tcp", "2026-12-01 03:58:00"]
    for width in (1280, 500):
        assert fits(browser, width)
        assert browser.execute_script(WRAPPED, words) == dict.fromkeys(words, 1)
        box = browser.find_element(By.CSS_SELECTOR, ".scroll")
        assert browser.execute_script("return arguments[0].scrollWidth <= arguments[0].clientWidth + 1", box), width
    assert "None" not in browser.find_element(By.TAG_NAME, "body").text
