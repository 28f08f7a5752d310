"""Documents with hostile text in a real browser (Chromium): JUnit, SVG and HTML, well-formed and inert.

Nothing of a text runs, loads, or becomes an element: a page that ran any would set its title, and one that loaded any
would ask the server that listens here.
"""

from __future__ import annotations

import http.server
import random
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from chromium import chromium, needs_chromium

from psnet.journal import RunRecord
from psnet.report.graph import Graph, HostGraph, Node, svg
from psnet.report.html import graph_html
from psnet.report.junit import junit_xml
from psnet.report.run_html import run_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome

pytestmark = needs_chromium
#: ``{}`` is the address of a server that nobody is to ask.
PARTS = (
    "<script>document.title='ran'</script>",
    "<img src={}/i onerror=\"document.title='ran'\">",
    "<svg onload=\"document.title='ran'\">",
    "</script><script>document.title='ran'</script>",
    "<base href='{}/'>",
    "<iframe src='{}/f'></iframe>",
    "<a href=javascript:alert(1)>",
    '" autofocus onfocus="alert(1)',
    *("]]><x>", "<![CDATA[", "<!--", "-->", "<?xml version='1.0'?>", "&a;", "'\"`", "&#x3c;script&#x3e;"),
    "<!DOCTYPE x [<!ENTITY a SYSTEM '{}/e'>]>",
    "</title></svg></style><link rel=stylesheet href='{}/c'>",
    "<style>@import '{}/s';</style>",
    "</textarea></pre></details></template>",
    "<foreignObject><body onload=\"document.title='ran'\"/></foreignObject>",
    "<use href='{}/u#x'/>",
    "url({}/b)",
    "<meta http-equiv=refresh content='0;url={}/m'>",
    "<form action='{}/p'><button autofocus>",
    "<object data='{}/o'>",
    *("\x00", "\x1b[2J", "\u202e", "\u2028", "\ufffe", "\ud800", "\r\n", "{{ 7*7 }}", "${alert(1)}", "é漢"),
)
#: What psnet's own documents are made of; whatever else is there came of a text.
RUNS = (
    "script,iframe,object,embed,img,image,foreignObject,base,meta[http-equiv=refresh],link,form,use,a[href^=javascript]"
)


def texts(count: int, server: str) -> Iterator[str]:
    chance = random.Random(23)
    for number in range(count):
        parts = chance.sample(PARTS, chance.randint(1, 6))
        yield f"n{number} " + "".join(parts).replace("{}", server)


def graph_of(text: str) -> Graph:
    node = Node(id="n", kind="network", label=text)
    return Graph(title=text, subtitle=text, hosts=(HostGraph(name=text, about=text, nodes=(node,), notes=(text,)),))


def run_of(text: str) -> RunRecord:
    row = {"host": text, "status": "error", "error": text, "error_kind": text, "seconds": 1.0, "plan": None}
    change = {"change": "1", "operation": "create", "kind": "nat", "name": text, "status": "failed"}
    change |= {"message": text, "error_id": text}
    run = {"id": "1", "command": text, "site": text, "inventory": text, "status": "failed", "options": "{}"}
    run |= {"started": "2026-01-02T03:04:05.000+00:00", "ended": "2026-01-02T03:04:06.000+00:00"}
    return RunRecord(run, (row, {**row, "host": "b"}), {"b": (change,), text: (change,)})


FORMS: dict[str, tuple[str, Callable[[str], str]]] = {
    "junit": ("xml", lambda text: junit_xml(run_of(text))),
    "svg": ("svg", lambda text: svg(graph_of(text))),
    "graph": ("html", lambda text: graph_html(graph_of(text))),
    "run": ("html", lambda text: run_html(run_of(text))),
}


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """Serve on loopback; yield the address, and what was asked for."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_error(404)

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
        server.shutdown()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    with chromium(tmp_path / "browser") as driver:
        yield driver


@pytest.mark.parametrize("count", [4, pytest.param(334, marks=[pytest.mark.sweep, pytest.mark.timeout(1200)])])
def test_documents_are_well_formed_and_inert(
    browser: Chrome, asked: tuple[str, list[str]], tmp_path: Path, count: int
) -> None:
    server, seen = asked
    opened: Counter[str] = Counter()
    for form, (suffix, made) in FORMS.items():
        usual = elements(browser, made("plain"), tmp_path / f"usual.{suffix}")
        for text in texts(count, server):
            document = made(text)
            if suffix != "html":
                ET.fromstring(document.encode())
            found = elements(browser, document, tmp_path / f"page.{suffix}")
            assert found == usual, (form, text)
            opened[form] += 1
    assert seen == []
    assert set(opened.values()) == {count}


def elements(browser: Chrome, document: str, path: Path) -> dict[str, Any]:
    """Open a document; return how many elements of each kind that could run something it has, and what ran."""
    path.write_bytes(document.encode())
    browser.get(path.as_uri())
    found: dict[str, Any] = browser.execute_script(
        """
        const every = [...document.querySelectorAll('*')];
        return {
          root: document.documentElement.localName,
          broken: document.querySelector('parsererror') !== null,
          runs: document.querySelectorAll(arguments[0]).length,
          handlers: every.flatMap(e => [...e.attributes]).filter(a => a.name.startsWith('on')).length,
          ran: document.title === 'ran',
        };
        """,
        RUNS,
    )
    assert not found["broken"]
    assert not found["ran"]
    return found
