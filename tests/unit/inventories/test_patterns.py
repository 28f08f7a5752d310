"""Host patterns and ranges, as Ansible has them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Any

import pytest

from psnet.errors import InventoryError, SiteError
from psnet.inventories import Inventory, InventoryHost, load_inventory
from psnet.inventories.patterns import choose, expand_range
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Host:
    name: str
    groups: tuple[str, ...] = ()


HOSTS = [
    Host("web01", ("web", "prod")),
    Host("web02", ("web", "prod")),
    Host("web03", ("web", "canary")),
    Host("db1", ("db", "prod")),
    Host("db2", ("db",)),
    Host("lone"),
]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("all", "web01 web02 web03 db1 db2 lone"),
        ("*", "web01 web02 web03 db1 db2 lone"),
        ("web", "web01 web02 web03"),
        ("web:db", "web01 web02 web03 db1 db2"),
        ("db,web", "web01 web02 web03 db1 db2"),
        ("web:&prod", "web01 web02"),
        ("web:db:&prod:!web01", "web02 db1"),
        ("all:!prod", "web03 db2 lone"),
        ("!prod", "web03 db2 lone"),
        ("&prod:!db", "web01 web02"),
        ("w*", "web01 web02 web03"),
        ("db?", "db1 db2"),
        ("~(web|db)0?[12]$", "web01 web02 db1 db2"),
        ("~eb", ""),  # a regular expression is matched from the start of a name
        ("web[0]", "web01"),
        ("web[-1]", "web03"),
        ("web[0:1]", "web01 web02"),
        ("web[1:]", "web02 web03"),
        ("web[0:-2]", "web01 web02"),
        ("web[7]", ""),
        ("web[0]:db[1]", "web01 db2"),
        ("prod:!web[0:0]", "web02 db1"),
        ("web[02:03]", "web02 web03"),  # numbers with zeros are parts of names
        ("web0[1:2]", "web01 web02"),
        ("web*[1:2]", "web02 web03"),
        ("nothing", ""),
    ],
)
def test_a_pattern_names_hosts(pattern: str, names: str) -> None:
    assert [host.name for host in choose(pattern, HOSTS)] == names.split()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("w[08:10]", "w08 w09 w10"),
        ("w[0:8:4]x", "w0x w4x w8x"),
        ("db-[a:d]", "db-a db-b db-c db-d"),
        ("db-[a:e:2]", "db-a db-c db-e"),
        ("r[1:2][a:b]", "r1a r1b r2a r2b"),
    ],
)
def test_a_range_stands_for_names(text: str, names: str) -> None:
    assert expand_range(text) == names.split()


@pytest.mark.parametrize("text", ["w[3:1]", "w[c:a]", "w[1:b]", "w[1:9:0]", "w[1]", "w[", "w[a-f]"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"range|backwards|number to a letter"):
        expand_range(text)


def test_a_wrong_regular_expression_is_said(tmp_path: Path) -> None:
    path = tmp_path / "hosts.yaml"
    path.write_text("hosts: {a: }\n")
    with pytest.raises(InventoryError, match="no regular expression"):
        load_inventory(path).select("~(")


def test_group_vars_and_host_vars_beside_our_own_inventory(tmp_path: Path) -> None:
    (tmp_path / "group_vars" / "web").mkdir(parents=True)
    (tmp_path / "host_vars").mkdir()
    (tmp_path / "group_vars" / "all.yml").write_text("a: all\nb: all\nc: all\nd: all\n")
    (tmp_path / "group_vars" / "web" / "main.yml").write_text("b: web\nc: web\nd: web\n")
    (tmp_path / "host_vars" / "w1.yml").write_text("d: host\n")
    path = tmp_path / "hosts.yaml"
    path.write_text(
        "vars: {a: file, z: file}\nhosts: {w1: {vars: {c: own, d: own}}, x: }\n"
        "groups: {web: {hosts: [w1], vars: {b: g}}}\n"
    )
    variables = load_inventory(path)["w1"].variables
    assert {key: variables[key] for key in "abcdz"} == {"a": "all", "b": "web", "c": "own", "d": "host", "z": "file"}
    assert load_inventory(path)["x"].variables["b"] == "all"


def test_a_plug_in_reads_what_is_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "psnet.inventories.load.entry_points",
        lambda group: [EntryPoint("mine", f"{__name__}:plug_in", group)] if group == "psnet.inventory" else [],
    )
    monkeypatch.setattr(EntryPoint, "load", lambda _: plug_in)
    assert [host.name for host in load_inventory(tmp_path / "cmdb.mine")] == ["from-cmdb"]
    own = tmp_path / "hosts.yaml"
    own.write_text("hosts: {a: }\n")
    assert [host.name for host in load_inventory(own)] == ["a"]


def plug_in(path: Path) -> Inventory | None:
    if path.suffix != ".mine":
        return None
    return Inventory(str(path), (InventoryHost("from-cmdb", (), {}, {}, path.parent, str(path)),))


SITE = """
name: s
firewall_rules:
  - {name: r, direction: Inbound, action: Allow, protocol: TCP, local_ports: ["{{ port }}"]}
"""


def test_variables_of_variables_are_filled_and_undefined_ones_named() -> None:
    source = parse_site(SITE)

    def ports(variables: dict[str, Any]) -> Any:
        (rule,) = [item for item, _ in source.for_host("web01", variables).everything()]
        return repr(rule)

    assert "8081" in ports({"port": "{{ base + 1 }}", "base": "{{ low }}", "low": 8080})
    assert "81" in ports({"port": 81, "unused": "{{ nowhere }}"})
    with pytest.raises(SiteError, match=r"'low' is undefined for host web01"):
        ports({"port": "{{ base }}", "base": "{{ low }}"})
    with pytest.raises(SiteError, match=r"needs itself: port > base > port"):
        ports({"port": "{{ base }}", "base": "{{ port }}"})
