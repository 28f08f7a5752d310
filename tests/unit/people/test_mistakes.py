"""Mistakes that people make: one mistake is one error, at its line, in the words of the file, with the nearest word."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from psnet.errors import InputError, InventoryError, SiteError
from psnet.inventories import load_inventory, with_answers
from psnet.planning import plan
from psnet.site import load_site, parse_site
from psnet.state import fresh_state

HERE = Path(__file__).resolve().parent
NET = "{name: web, mode: nat, subnet: 172.20.0.0/24}"
RULE = "{name: psnet-mapping-a}"
QOS = "{endpoint: apps, maximum_outgoing_bandwidth: 5 Mbit}"
MAPPING = "{name: a, network: web, protocol: TCP, external_port: 80, internal_address: 172.20.0.4"

#: What is written -> (line, message, remedy).
MISTAKES: dict[str, tuple[int, str, str]] = {
    "container_networks:\n- {name: web, mode: natt}": (2, "'natt' is none of nat, transparent", "did you mean nat?"),
    "container_network:\n- {name: web}": (1, "unknown key", "did you mean container_networks?"),
    "container_networks:\n- {name: web, adaptor: x}": (2, "unknown key", "did you mean adapter?"),
    "container_networks:\n- {mode: nat}": (2, "the key name is missing", ""),
    "container_networks:\n- web": (2, "expected keys and values, not the text 'web'", ""),
    "container_networks:\n-": (2, "expected keys and values, not nothing", ""),
    "container_networks:\n- {name: web, subnets: 10.0.0.0/24}": (2, "expected a list, not the text", "brackets"),
    "container_networks:\n- {name: web, subnets: [10.0.0.0/24]}": (2, "expected keys and values, not the text", ""),
    "container_networks:\n- {name: w, mode: transparent, vlan: 5000}": (2, "5000 is more than 4094", ""),
    "container_networks:\n- {name: w, mode: transparent, vlan: x}": (
        2,
        "expected a whole number, not the text 'x'",
        "",
    ),
    "container_networks:\n- {name: w, mac_pools: [{start: x, end: 00-15-5D-10-00-00}]}": (
        2,
        "no MAC address",
        "00-15-5D",
    ),
    f"nat_static_mappings:\n- {MAPPING}, via: nettnat}}": (2, "'nettnat' is none of", "did you mean netnat?"),
    f"nat_static_mappings:\n- {MAPPING}, firewall: maybe}}": (2, "expected keys and values, not the text 'maybe'", ""),
    "nat_static_mappings:\n- {network: w, protocol: TPC, external_port: 80, internal_address: 10.0.0.4}": (
        2,
        "not 'TPC'",
        "did you mean TCP?",
    ),
    "nat_static_mappings:\n- {network: w, protocol: TCP, external_port: 99999, internal_address: 10.0.0.4}": (
        2,
        "ports go from 1 to 65535",
        "",
    ),
    "nat_static_mappings:\n- {network: w, protocol: TCP, external_port: 80, internal_address: 1.2.3}": (
        2,
        "'1.2.3' is no IPv4 address",
        "such as 10.0.0.4",
    ),
    "firewall_rules:\n- {name: a, direction: Inbund}": (2, "'Inbund' is none of", "did you mean Inbound?"),
    "firewall_rules:\n- {name: a, profiles: Privat}": (2, "not 'Privat'", "did you mean Private?"),
    "firewall_rules:\n- {name: a, enabled: yess}": (2, "expected true or false", "did you mean yes?"),
    "acls:\n- {endpoint: a, rules: [{action: Alow, direction: In}]}": (2, "'Alow' is none of", "did you mean Allow?"),
    "acls:\n- {endpoint: a, rules: []}": (2, "it is empty", ""),
    "manage: adapt": (1, "'adapt' is none of declared, adopt", "did you mean adopt?"),
    "backend: hsn": (1, "'hsn' is none of", "did you mean hns?"),
    f"container_networks:\n- {NET}\n- {NET}": (3, "declared twice, first at line 2", "its own name"),
    f"container_networks:\n- {NET}\nnat_static_mappings:\n- {MAPPING}}}\nfirewall_rules:\n- {RULE}": (
        6,
        "declared twice, first at line 4",
        "its own name",
    ),
    "container_networks:\n- {name: web, subnet: '{{ web_subnett }}'}": (
        2,
        "'web_subnett' is undefined",
        "did you mean web_subnet?",
    ),
    "container_networks:\n- {name: web, subnet: '{{ web_subnet | defualt(1) }}'}": (
        2,
        "No filter named",
        "did you mean default?",
    ),
    "container_networks:\n- {name: web, mode: icss}": (2, "'icss' is none of nat, ", ""),
    "container_networks:\n- {name: web, mode: ics}": (2, "made by Windows itself", ""),
    "container_networks:\n- {name: web, mode: }": (2, "expected one of nat, transparent", ""),
    "container_networks:\n- {name: web, mode: [nat]}": (2, "private, not a list", ""),
    "container_networks:\n- name: web\n  subnet: 172.20.0.0/24\n  gateway: 172.21.0.1": (4, "lies outside", ""),
    "container_networks:\n- {name: web, dns_servers: [10.0.0.533]}": (2, "is no IP address", "such as 10.0.0.4"),
    "container_networks:\n- {name: w, mode: transparent, vlan: true}": (2, "expected a number, not true", ""),
    "nat_static_mappings:\n- {name: a, network: w, protocol: TCP, internal_address: 10.0.0.4}": (
        2,
        "the key external_port is missing",
        "",
    ),
    "nat_static_mappings:\n- {network: w, external_port: 80, internal_address: 10.0.0.4}": (
        2,
        "the key protocol is missing",
        "",
    ),
    "nat_static_mappings:\n- {network: w, protocol: TCP, external_port: 80, internal_adress: 10.0.0.4}": (
        2,
        "unknown key",
        "did you mean internal_address?",
    ),
    f"container_networks:\n- {NET}\nnat_static_mappings:\n- {MAPPING}}}\n- {MAPPING}}}": (
        5,
        "nat_static_mapping a is declared twice, first at line 4",
        "its own name",
    ),
    "nat_static_mappings:\n- {name: a, network: w, protocol: ICMP, external_port: 80, internal_address: 10.0.0.4}": (
        2,
        "not 'ICMP'",
        "did you mean ICMPv4?",
    ),
    "nat_static_mappings:\n- {name: a, network: w, protocol: TCP, external_port: yes, internal_address: 10.0.0.4}": (
        2,
        "such as 8000-8010, not true",
        "",
    ),
    "load_balancers:\n- {name: l, protocol: TCP, external_port: 80}": (
        2,
        "the keys vips, internal_port and members are missing",
        "",
    ),
    "firewall_rules:\n- {name: a, profiles: [Domain, Pubic]}": (2, "not 'Pubic'", "did you mean Public?"),
    "firewall_rules:\n- {name: a, local_ports: '81,99999', protocol: TCP}": (2, "not 99999", ""),
    "firewall_rules:\n- name: a\n  protocol: ICMPv4\n  local_ports: '81'": (4, "needs protocol TCP or UDP", ""),
    "manage: [declared]": (1, "expected one of declared, adopt, exclusive, not a list", ""),
}

#: A text that is no YAML -> (line, message, remedy); no word of the reader's own is said.
NO_YAML: dict[str, tuple[int, str, str]] = {
    "name: x\ncontainer_networks:\n\t- {name: web}": (3, "a tab stands here", "spaces"),
    "name: x\ncontainer_networks:\n- {name: web\n": (3, "the brace is not closed", "{ key: value"),
    "container_networks:\n- {name: web, dns_servers: [10.0.0.1, 10.0.0.2}": (2, "the bracket is not closed", "["),
    "container_networks:\n- name: web\n  mode nat\n  subnet: 172.20.0.0/24": (3, "the key has no colon", "a colon"),
    "container_networks:\n  - name: web\n   mode: nat": (3, "begins in another column", "indent"),
    "name: 'x\nmanage: adopt\n": (1, "the quote is never closed", "close it"),
    "name: a: b": (1, "a colon stands where none can", "quote"),
    "name: *x": (1, "the alias is defined nowhere above", "quote"),
    "firewall_rules:\n- {name: a, remote_addresses: *}": (2, "no value begins with this", "quote"),
    "name: @x": (1, "no value begins with this", "quote"),
    "container_networks: - name: web": (1, "a list cannot begin here", "a line of its own"),
    "container_networks:\n- {name: web, subnet: {{ net }}}": (2, "a template stands in quotes", '"{{ net }}"'),
    "name: [": (1, "a value is missing", "close the bracket"),
    "": (1, "expected keys and values, not nothing", "start it with name:"),
    "- a": (1, "expected keys and values, not a list", "start it with name:"),
}


@pytest.mark.parametrize("text", NO_YAML)
def test_what_is_no_yaml_is_said_without_the_words_of_its_reader(text: str) -> None:
    line, message, remedy = NO_YAML[text]
    with pytest.raises(SiteError) as caught:
        parse_site(text, "site.yaml")
    (problem,) = caught.value.problems
    assert problem.line == line
    assert message in problem.message
    assert remedy in (problem.remedy or "")
    assert not re.search(r"<\w+|while (parsing|scanning)|stream|token", str(caught.value))


@pytest.mark.parametrize("text", MISTAKES)
def test_one_mistake_is_one_error_in_plain_words(text: str) -> None:
    line, message, remedy = MISTAKES[text]
    with pytest.raises(SiteError) as caught:
        parse_site(text, "site.yaml").for_host("h", {"web_subnet": "172.20.0.0/24"})
    (problem,) = caught.value.problems
    assert problem.line == line
    assert message in problem.message
    assert remedy in (problem.remedy or "")
    assert not re.search(
        r"NoneType|\bstr\b|\bdict\b|instance of|Input should|Error\b|[a-z]+[A-Z]\w+Spec", str(caught.value)
    )


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        (f"container_networks:\n- {NET}\nendpoints:\n- {{name: a, network: wbe}}", "did you mean web?"),
        (
            f"container_networks:\n- {NET}\nnat_static_mappings:\n- {MAPPING.replace('web', 'wbe')}}}",
            "did you mean web?",
        ),
        (
            f"container_networks:\n- {NET}\nendpoints:\n- {{name: app, network: web}}\nqos:\n- {QOS}",
            "did you mean app?",
        ),
    ],
)
def test_a_name_that_nothing_has_names_the_nearest(text: str, remedy: str) -> None:
    made = plan(parse_site(text).for_host("h"), fresh_state(20348), host="h")
    assert any(remedy in item.remedy for item in made.refusals)


def test_the_cases_of_people() -> None:
    with pytest.raises(SiteError) as caught:
        load_site(HERE / "cascade.yaml").for_host("h")
    assert [item.line for item in caught.value.problems] == [5]
    with pytest.raises(SiteError) as caught:
        load_site(HERE / "duplicate-name.yaml").for_host("h")
    assert [item.line for item in caught.value.problems] == [4]
    (network,) = load_site(HERE / "utf16.yaml").for_host("h").resources
    assert network.identity.name == "web"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_files_are_read_as_windows_writes_them(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_bytes(f"# Büro\r\ncontainer_networks:\r\n- {NET}\r\n".encode(encoding))
    assert len(load_site(path).for_host("h").resources) == 1
    hosts = tmp_path / "hosts.yaml"
    hosts.write_bytes("# Büro\r\nhosts: {web01: {}}\r\n".encode(encoding))
    assert [host.name for host in load_inventory(hosts)] == ["web01"]


def test_a_file_in_another_encoding_says_where(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_bytes("name: x\n# Büro\n".encode("cp1252"))
    with pytest.raises(InputError, match=r"neither UTF-8 nor UTF-16: byte 0xfc in line 2"):
        load_site(path)


def inventory(tmp_path: Path, connection: str) -> Any:
    path = tmp_path / "hosts.yaml"
    path.write_text(f"connection: {connection}\nhosts: {{'web[01:60]': {{}}}}\n", encoding="utf-8")
    return load_inventory(path).hosts


def test_a_password_that_is_not_there_is_told_once_before_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KRB5CCNAME", raising=False)
    monkeypatch.delenv("NO_SUCH_PASSWORD", raising=False)
    monkeypatch.setattr("psnet.inventories.secret.can_prompt", lambda: False)
    with pytest.raises(InventoryError) as caught:
        with_answers(inventory(tmp_path, "{user: admin, auth: ntlm}"))
    assert "no password is configured for admin" in str(caught.value)
    assert "and 55 more" in str(caught.value)
    assert str(caught.value).count("web01") == 1
    with pytest.raises(InventoryError, match=r"NO_SUCH_PASSWORD is not set \(for web01"):
        with_answers(inventory(tmp_path, "{user: admin, password: {env: NO_SUCH_PASSWORD}}"))


def test_a_password_that_is_not_there_is_asked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pydantic import SecretStr

    asked: list[str] = []
    monkeypatch.setattr("psnet.inventories.secret.can_prompt", lambda: True)
    monkeypatch.setattr("psnet.inventories.secret.prompt_secret", lambda text: asked.append(text) or SecretStr("s"))
    hosts = with_answers(inventory(tmp_path, "{user: admin, auth: ntlm}"))
    assert len(asked) == 1
    assert {host.settings().password.get_secret_value() for host in hosts if host.settings().password} == {"s"}


@pytest.mark.parametrize(
    "connection", ["{}", "{user: admin, auth: certificate, certificate_file: a, certificate_key_file: b}"]
)
def test_who_needs_no_password_is_not_asked(tmp_path: Path, connection: str) -> None:
    assert len(with_answers(inventory(tmp_path, connection))) == 60


#: A hosts.yaml -> (line, message): what is wrong with it is said once, before any host is tried.
INVENTORIES: dict[str, tuple[int, str]] = {
    "hosts: {web01: {address: 'https://10.0.0.1:5986'}}": (1, "a name or an IP address alone"),
    "hosts: {web01: {}}\nconnection: {address: a/b}": (2, "a name or an IP address alone"),
    "hosts: {a: {}}\ngroups: {a: {children: [b]}, b: {children: [a]}}": (2, "the group stands in itself: a > b > a"),
    "hosts: {web01: {}}\nconnection: {port: true}": (2, "expected a number, not true"),
    "hosts: [web01]": (1, "expected keys and values, not a list"),
    "hosts: {web01: {adress: a}}": (1, "unknown key"),
}


@pytest.mark.parametrize("text", INVENTORIES)
def test_one_mistake_in_an_inventory_is_one_error(text: str, tmp_path: Path) -> None:
    path = tmp_path / "hosts.yaml"
    path.write_text(text, encoding="utf-8")
    line, message = INVENTORIES[text]
    with pytest.raises(InventoryError) as caught:
        load_inventory(path)
    (problem,) = caught.value.problems
    assert (problem.line, problem.path) == (line, str(path))
    assert message in problem.message


@pytest.mark.parametrize(
    ("connection", "said"),
    [
        ("{user: a, auth: certificate}", "auth certificate needs certificate_file"),
        ("{user: a, password: {env: HOME}, scheme: http, auth: basic}", "needs scheme https"),
        ("{user: a, password: {file: nope.txt}}", "nope.txt cannot be read"),
    ],
)
def test_what_no_host_can_be_reached_with_is_said_once(tmp_path: Path, connection: str, said: str) -> None:
    with pytest.raises(InventoryError) as caught:
        with_answers(inventory(tmp_path, connection))
    assert said in str(caught.value)
    assert "hosts.yaml" in str(caught.value)
    assert "and 55 more" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hosts: {web01: {}}\nconnection: {user: a}", "this is an inventory (name the site, and -i FILE)"),
        ('{"kind": "psnet-plan", "format": 2, "site": {}}', "this is a saved plan (psnet show or psnet apply FILE)"),
    ],
)
def test_another_file_of_psnets_is_one_mistake(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SiteError) as caught:
        load_site(path)
    (problem,) = caught.value.problems
    assert said.replace("FILE", str(path)) in str(problem)


def test_a_site_is_no_inventory(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(f"name: x\ncontainer_networks:\n- {NET}\n", encoding="utf-8")
    with pytest.raises(InventoryError) as caught:
        load_inventory(path)
    (problem,) = caught.value.problems
    assert "this is a site (name the inventory: -i INVENTORY)" in str(problem)


#: A template that goes wrong -> what is said; Python's names of types are in none.
TEMPLATES = {
    "{{ port + 1 }}": "can only concatenate text (not a number) to text",
    "{{ net.b }}": "a mapping has no attribute 'b'",
    "{{ l.x }}": "a list has no attribute 'x'",
    "{{ n + 1 }}": "nothing and a number",
    "{{ n[0] }}": "nothing has no element 0",
    "{{ n.foo }}": "nothing has no attribute 'foo'",
    "{{ port() }}": "text object is not callable",
    "{{ 1 / 0 }}": "division by zero",
}


@pytest.mark.parametrize("text", TEMPLATES)
def test_a_template_that_fails_is_said_without_names_of_types(text: str) -> None:
    site = parse_site(f'container_networks:\n- {{name: web, subnet: "{text}"}}', "site.yaml")
    with pytest.raises(SiteError) as caught:
        site.for_host("h", {"port": "8080", "net": {"a": 1}, "l": [1], "n": None})
    (problem,) = caught.value.problems
    assert TEMPLATES[text] in problem.message
    assert problem.line == 2
    assert not re.search(r"NoneType|\b(str|int|dict|list object)\b", problem.message)


#: What a host may answer instead of a state -> what is said of it.
ANSWERS = {
    "": "it is no JSON in line 1, column 1",
    "{": "it is no JSON",
    "[]": "it is built in another way",
    "{}": "it has no facts",
    '{"facts": {}, "networks": []}': "",
    '{"facts": null, "networks": [null]}': "",
    '{"facts": {"build": "x"}, "networks": [], "rules": 5}': "",
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_that_is_no_state_is_said_without_class_names(answer: str) -> None:
    from psnet.errors import HostError
    from psnet.observe.read import read_state

    with pytest.raises(HostError) as caught:
        read_state([answer], "web01")
    assert ANSWERS[answer] in caught.value.message
    assert not re.search(r"HostState|NoneType|validation error|Input should|pydantic|[a-z]Error", str(caught.value))
