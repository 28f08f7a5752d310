"""What a person gets wrong in a site file is told all at once, with line and remedy."""

from __future__ import annotations

from typing import Any

import pytest

from psnet.errors import SiteError
from psnet.site.load import load_site, parse_site


def refused(text: str, variables: dict[str, Any] | None = None) -> SiteError:
    with pytest.raises(SiteError) as caught:
        parse_site(text, "site.yaml").for_host("web01", variables)
    assert caught.value.exit_code == 3
    return caught.value


#: A bad site, the line that is wrong, and what is said of it.
BAD_SITES = [
    ("container_networks:\n  - {name: a, subnett: 10.1.0.0/24}", 2, "did you mean subnet?"),
    ("containr_networks: []", 1, "did you mean container_networks?"),
    ("container_networks:\n  - name: a\n    subnet: 10.1.0.1/24", 3, "the prefix is 10.1.0.0/24"),
    (
        "container_networks:\n  - name: a\n    subnet: 10.1.0.0/24\n    gateway: 10.2.0.1",
        4,
        "lies outside",
    ),
    ("container_networks:\n  - {mode: nat, subnet: 10.1.0.0/24}", 2, "the key name is missing"),
    ("container_networks:\n  - {name: a, mode: l2bridge}", 2, "needs a subnet"),
    ("container_networks: {name: a}", 1, "expected a list"),
    ("container_networks:\n  - just text", 2, "expected keys and values"),
    (
        "nat_static_mappings:\n  - {network: n,protocol: icmpv4, external_port: 1, internal_address: 1.1.1.1}",
        2,
        "WinNAT maps TCP and UDP",
    ),
    (
        (
            "nat_static_mappings:\n"
            "  - {network: n, protocol: tcp, external_port: 1-3, internal_port: 1-2,internal_address: 1.1.1.1}"
        ),
        2,
        "ranges of one size",
    ),
    ("firewall_rules:\n  - name: r\n    local_ports: 80", 3, "needs protocol TCP or UDP"),
    ("firewall_rules:\n  - name: r\n    display_name: 'a|b'", 3, "refuses the character |"),
    ('firewall_rules:\n  - name: r\n    display_name: "a\\nb"', 3, "control characters"),
    ("firewall_rules:\n  - {name: r}\n  - {name: R}", 3, "declared twice"),  # the second one (case duplicate-name)
    ("name: a\nname: b", 2, "stands here again"),
    ("backend: hyperv", 1, "'hyperv' is none of auto"),
]


@pytest.mark.parametrize(("text", "line", "said"), BAD_SITES)
def test_each_error_names_line_and_remedy(text: str, line: int, said: str) -> None:
    error = refused(text)
    assert any(said in f"{problem.message} {problem.remedy}" for problem in error.problems), str(error)
    assert line in {problem.line for problem in error.problems}


def test_all_errors_are_told_at_once() -> None:
    error = refused(
        "container_networks:\n  - {name: a, subnett: x}\nfierwall_rules: []\n"
        "nat_static_mappings:\n  - {network: a, protocol: tcp, external_port: 0, internal_address: nowhere}\n"
    )
    assert {problem.line for problem in error.problems} == {2, 3, 5}
    assert len(error.problems) >= 4


def test_broken_yaml_names_the_line() -> None:
    with pytest.raises(SiteError, match=r"site\.yaml:2"):
        parse_site("name: a\n  b: c: d", "site.yaml")


def test_a_missing_file_is_no_traceback(tmp_path: Any) -> None:
    with pytest.raises(SiteError, match="there is no file"):
        load_site(tmp_path / "none.yaml")


def test_an_undefined_variable_names_host_line_and_variable() -> None:
    error = refused("container_networks:\n  - {name: a, subnet: '{{ prefix }}'}")
    (problem,) = error.problems
    assert problem.line == 2
    assert "'prefix' is undefined for host web01" in problem.message


def test_variables_keep_their_type_and_cannot_change_the_shape() -> None:
    text = (
        "name: '{{ inventory_hostname }}'\n"
        "firewall_rules:\n  - {name: r, display_name: '{{ text }}', enabled: '{{ on }}'}"
    )
    evil = "x}\n  - {name: evil}"
    (problem,) = refused(text, {"text": evil, "on": True}).problems
    assert "control characters" in problem.message
    site = parse_site(text).for_host("web01", {"text": "}, {name: evil", "on": False})
    assert site.name == "web01"
    (rule,) = site.resources
    assert rule.model_dump()["display_name"] == "}, {name: evil"
    assert rule.model_dump()["enabled"] is False


def test_templates_cannot_reach_python() -> None:
    error = refused("name: \"{{ ''.__class__.__mro__ }}\"")
    assert "unsafe" in error.problems[0].message or "undefined" in error.problems[0].message
