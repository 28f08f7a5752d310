"""Pictures: what is drawn of a site, of a host, and of what a plan would change."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from dsc_sites import MAPPING, NAT
from hypothesis import given
from hypothesis import strategies as st

from psnet._internal.text import printable_lines
from psnet.planning import plan
from psnet.report.graph import Edge, Graph, HostGraph, Node, dot, mermaid, plan_graph, site_graph, state_graph, svg
from psnet.report.graph.cards import change_words, sections
from psnet.report.graph.changed import changes_graph
from psnet.report.graph.controller import sdn_graph
from psnet.report.graph.layout import LETTER, PAD, lay_out
from psnet.report.graph.model import Line, alike
from psnet.report.html import graph_html
from psnet.site.load import load_site, parse_site
from psnet.state import HostState

ROOT = Path(__file__).resolve().parents[3]
SVG = "{http://www.w3.org/2000/svg}"
FACTS = {
    "computer_name": "H",
    "build": 20348,
    "product": "Windows Server 2022",
    "has_container_network": False,
    "has_hns": True,
}
STATE = HostState.model_validate(
    {
        "facts": FACTS,
        "uplinks": ["Ethernet"],
        "adapters": [{"name": "Ethernet", "description": "NIC", "index": 4, "status": "Up"}],
        "addresses": [{"address": "10.0.0.11", "prefix_length": 16, "interface": "Ethernet", "index": 4}],
        "switches": [{"name": "web", "type": "Internal"}],
        "networks": [
            {"name": "web", "id": "N", "mode": "nat", "subnets": [{"prefix": "172.20.0.0/24", "gateway": "172.20.0.1"}]}
        ],
        "endpoints": [{"name": "shop", "id": "E", "network": "web", "address": "172.20.0.10", "state": 1}],
        "nats": [{"name": "n", "internal_prefix": "172.20.0.0/24"}],
        "mappings": [
            {
                "id": number,
                "nat": "n",
                "protocol": "TCP",
                "external_address": "0.0.0.0",
                "external_port": outside,
                "internal_address": inside,
                "internal_port": port,
            }
            for number, (outside, inside, port) in enumerate(
                [(8080, "172.20.0.10", 80), (9000, "172.20.0.11", 9000), (9001, "172.20.0.11", 9001)]
            )
        ],
        "ledger": {
            "nat_static_mapping/http": {
                "network": "web",
                "protocol": "TCP",
                "external_address": "0.0.0.0",
                "external_port": 8080,
                "internal_address": "172.20.0.10",
                "internal_port": 80,
            }
        },
    }
)


def node(host: HostGraph, identifier: str) -> Node:
    return {item.id: item for item in host.nodes}[identifier]


def lines(host: HostGraph, identifier: str) -> list[str]:
    return [line.text for line in node(host, identifier).lines]


def leads(host: HostGraph, *, kind: str | None = None) -> set[tuple[str, str, str]]:
    return {(item.source, item.target, item.label) for item in host.edges if kind in (None, item.kind)}


def test_a_host_is_drawn_from_its_adapters_to_its_endpoints() -> None:
    host = state_graph(STATE, "web01")
    assert lines(host, "adapter/ethernet") == ["10.0.0.11/16", "default route"]
    assert lines(host, "network/web") == ["172.20.0.0/24 via 172.20.0.1", "nat"]
    assert leads(host, kind="wire") == {
        ("switch/web", "network/web", ""),
        ("network/web", "endpoint/shop", ""),
        ("network/web", "address/172.20.0.11", ""),
        ("adapter/ethernet", "nat/172.20.0.0/24", ""),
        ("nat/172.20.0.0/24", "network/web", ""),
    }
    assert leads(host, kind="mapping") == {
        ("port/tcp 8080", "endpoint/shop", ":80"),
        ("port/tcp 9000-9001", "address/172.20.0.11", ""),
    }
    assert not host.counts()


def test_the_example_of_policies_is_drawn_with_them() -> None:
    host = site_graph(load_site(ROOT / "examples/modes/l2bridge.yaml").for_host("h"), "h")
    assert lines(host, "endpoint/db") == ["10.44.0.20", "ACL, 2 rules"]
    assert lines(host, "endpoint/app") == ["10.44.0.10", "at most 100 Mbit/s out"]
    assert lines(host, "network/tenant") == ["10.44.0.0/24 via 10.44.0.1", "l2bridge", "VLAN 7"]
    assert ("load_balancer/10.44.0.200 tcp 80", "endpoint/app", ":8080") in leads(host)
    assert ("adapter/ethernet 2", "network/tenant", "") in leads(host)


HTTP: dict[str, Any] = {**MAPPING, "firewall": None}


def planned(**sections: Any) -> HostGraph:
    site = parse_site(yaml.safe_dump({"name": "s", **sections})).for_host("h")
    return plan_graph(site, STATE, plan(site, STATE, host="h"))


@pytest.mark.parametrize(
    ("sections", "stands"),
    [
        ({"container_networks": [NAT], "nat_static_mappings": [HTTP]}, {}),
        (
            {"container_networks": [NAT], "nat_static_mappings": [HTTP | {"external_port": 8088}]},
            {"port/tcp 8088": "added", "port/tcp 8080": "removed"},
        ),
        (
            {"container_networks": [NAT], "endpoints": [{"name": "new", "network": "web"}]},
            {"endpoint/new": "added"},
        ),
        (
            {"container_networks": [NAT | {"dns_servers": ["10.0.0.53"]}]},
            {"network/web": "changed"},
        ),
        (
            {"container_networks": [NAT], "qos": [{"endpoint": "shop", "maximum_outgoing_bandwidth": "1 Mbit"}]},
            {"endpoint/shop": "changed"},
        ),
        (
            {"firewall_rules": [{"name": "r", "direction": "Inbound", "action": "Allow"}]},
            {"firewall/windows": "changed"},
        ),
    ],
)
def test_what_a_plan_would_change_is_coloured(sections: dict[str, Any], stands: dict[str, str]) -> None:
    host = planned(**sections)
    assert {item.id: item.stand for item in host.nodes if item.stand != "same"} == stands


def test_what_a_plan_refuses_is_said_under_the_picture() -> None:
    host = planned(nat_static_mappings=[HTTP | {"network": "nowhere"}])
    assert any(note.startswith("error: no nat network or NAT nowhere") for note in host.notes)


def fleet(count: int, **update: Any) -> tuple[HostGraph, ...]:
    one = state_graph(STATE, "x")
    return tuple(
        one.model_copy(update={"name": f"web{number:02}", **{key: value(number) for key, value in update.items()}})
        for number in range(count)
    )


def texts(document: str) -> list[str]:
    return [item.text or "" for item in ET.fromstring(document).iter(f"{SVG}text")]


def test_hosts_that_look_alike_are_drawn_once() -> None:
    hosts = fleet(50)
    assert len(alike(hosts)) == 1
    shown = texts(svg(Graph(title="fleet", hosts=hosts)))
    assert shown.count("TCP 8080") == 1
    assert any("web00" in text and "45 more" in text for text in shown)


def test_fifty_hosts_of_many_kinds_are_cards_by_group() -> None:
    hosts = fleet(50, about=lambda number: f"build {number}")
    document = svg(Graph(title="fleet", hosts=hosts, groups={"front": tuple(host.name for host in hosts[:20])}))
    shown = texts(document)
    assert "front" in shown
    assert {host.name for host in hosts} <= set(shown)
    width, height = (float(text) for text in re.findall(r"viewBox=\"0 0 (\d+) (\d+)\"", document)[0])
    assert width < 1240  # what a page of 1280 pixels has room for
    assert height < 2000


def test_what_looks_alike_is_one_card_and_counts_are_the_plans() -> None:
    made = planned(
        container_networks=[NAT],
        nat_static_mappings=[HTTP],
        endpoints=[{"name": "new", "network": "web"}],
        firewall_rules=[{"name": name, "direction": "Inbound", "action": "Allow"} for name in ("one", "two")],
    )
    hosts = tuple(
        made.model_copy(update={"name": f"web{number:02d}", "about": f"build {number // 6}"}) for number in range(60)
    )
    graph = Graph(title="fleet", hosts=hosts, groups={"front": tuple(host.name for host in hosts[:30])})
    assert [(group, [len(each) for each in sets]) for group, sets in sections(graph)] == [
        ("front", [6] * 5),
        ("", [6] * 5),
    ]
    assert change_words(made) == "3 to create"
    page = graph_html(graph)
    assert page.count('<div class="card added"') == 10
    assert "web00, web01, web02, web03, web04, web05" in page
    assert page.count("3 to create") == 20  # a card, and its hosts' details


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30)


@given(st.lists(st.tuples(words, words), max_size=6), words)
def test_whatever_things_are_called_the_pictures_are_well_formed(pairs: list[tuple[str, str]], title: str) -> None:
    nodes = tuple(
        Node(id=f"endpoint/{number}", kind="endpoint", label=label, lines=(Line(text=line),))
        for number, (label, line) in enumerate(pairs)
    )
    edges = tuple(Edge(source=nodes[0].id, target=item.id, label=item.label) for item in nodes[1:])
    graph = Graph(title=title, hosts=(HostGraph(name=title, nodes=nodes, edges=edges),))
    root = ET.fromstring(svg(graph))
    assert [item.text for item in root.iter(f"{SVG}title")] == [
        printable_lines(f"{label}\n{line}") for label, line in pairs
    ]
    assert "<script>" not in graph_html(graph).replace("<script>(() =>", "")
    bare = re.sub(r'"(?:\\.|[^"\\])*"', "", dot(graph))
    assert re.fullmatch(r"[\w\s{}\[\]=;,>-]*", bare), bare
    for line in mermaid(graph).splitlines():
        assert line.count('"') in (0, 2)


def test_no_box_stands_on_another_and_no_line_runs_through_one() -> None:
    layout = lay_out(planned(container_networks=[NAT], nat_static_mappings=[HTTP | {"external_port": 8088}]))
    boxes = list(layout.boxes.values())
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y, (one, other)
    for lane in layout.lanes:
        for left, right, height in lane:
            for box in boxes:
                beside = box.x + box.width <= left or box.x >= right
                assert beside or not box.y < height < box.y + box.height, (box.node.id, height)


def test_a_network_controller_is_drawn_from_its_vips_to_its_endpoints() -> None:
    source = load_site(ROOT / "examples" / "sdn" / "site.yaml")
    sdn = source.with_placeholders("sdn", {"sdn_rest_url": "https://nc.example"})
    assert sdn is not None
    host = sdn_graph(sdn, "nc01")
    front = "load_balancer/203.0.113.10 tcp 443"
    assert lines(host, front) == ["load balancer shop", "probe HTTP 8443", "outbound NAT"]
    members = {target for start, target, label in leads(host, kind="mapping") if (start, label) == (front, ":8443")}
    assert {node(host, name).label for name in members} == {"host1/web1", "host2/web2"}
    db = next(item for item in host.nodes if item.label == "shop/db")
    assert [line.text for line in db.lines] == ["10.1.3.0/24", "ACL db, 3 rules"]
    ends = {target for start, target, _ in leads(host) if start == db.id}
    assert {node(host, name).label for name in ends} == {"host2/db1"}


def test_long_texts_of_a_box_are_wrapped_and_its_tip_has_them_whole() -> None:
    rule = "psnet-mapping-of-the-shop: Allow Inbound TCP 8080-8090,9000 from 10.0.0.0/8"
    mine = "mine: Allow Inbound TCP 8081"
    lines = (Line(text=rule, stand="removed"), Line(text=mine, stand="removed"), Line(text="x" * 400))
    node = Node(id="firewall/windows", kind="firewall", label="Windows Firewall", lines=lines)
    drawn = svg(Graph(title="one", hosts=(HostGraph(name="h", nodes=(node,)),)))
    rows = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    assert max(map(len, rows)) <= 37
    assert f"- {mine}" in rows  # a sign has room, too
    assert f"- {rule}" in " ".join(rows)
    assert f"\n{rule}\n" in drawn[drawn.index("<title>") : drawn.index("</title>")]
    assert "x" * 400 in drawn[: drawn.index("</title>")]
    assert [row for row in rows if "xxx" in row][-1].endswith("…")


def test_what_was_not_done_is_drawn_as_that() -> None:
    rule = {"name": "r", "direction": "Inbound", "action": "Allow"}
    ends = [{"name": name, "network": "web"} for name in ("one", "two")]
    site = parse_site(yaml.safe_dump({"name": "s", "endpoints": ends, "firewall_rules": [rule]})).for_host("h")
    made = plan(site, STATE, host="h")
    failed = {item.id: "HNS said no" for item in made.changes if item.name in ("two", "r")}
    host = changes_graph(made, failed)
    assert {node.id: node.stand for node in host.nodes if node.kind == "endpoint"} == {
        "endpoint/one": "added",
        "endpoint/two": "failed",
    }
    drawn = svg(Graph(title="run", hosts=(host,)))
    assert "✗ two" in drawn
    assert "✗ r: Allow Inbound" in drawn
    assert "endpoint two: HNS said no" in drawn


def test_cards_keep_their_texts_and_name_those_in_no_group() -> None:
    network = Node(id="network/web", kind="network", label="a-network-of-a-rather-long-name-that-goes-on-and-on")
    hosts = tuple(
        HostGraph(
            name=f"web{number}", about=f"Microsoft Windows Server 2022 Datacenter, build {number}", nodes=(network,)
        )
        for number in range(9)
    )
    drawn = svg(Graph(title="shop", hosts=hosts, groups={"front": ("web0", "web1")}))
    texts = re.findall(r'<text class="(?:s|t)" x="\d+" y="[\d.]+">([^<]*)</text>', drawn)
    assert max(len(text) for text in texts) * LETTER <= 288 - 2 * PAD
    assert "build 8" in " ".join(texts)
    assert re.findall(r'<text class="h"[^>]*>([^<]*)', drawn) == ["shop", "front", "in no group"]
    assert "a-network-of-a-rather-long-name-that-goes-on-and-on" in drawn  # in the card's tip
