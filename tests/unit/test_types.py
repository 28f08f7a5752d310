"""One spelling for each meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psnet.types import AddressSet, Direction, Mode, PortRange, PortSet, ProfileSet, Protocol, parse_network


@pytest.mark.parametrize(
    ("kind", "spellings", "canonical"),
    [
        (PortRange, [80, "80", " 80 ", "80-80"], 80),
        (PortRange, ["8000-8010", "8000 - 8010"], "8000-8010"),
        (PortSet, [[443, 80], "80,443", ["80", "443"], "443, 80", ["80", "80", 443]], ["80", "443"]),
        (PortSet, ["80-81,82", ["80", "81-82"], "80-82"], ["80-82"]),
        (PortSet, ["any", "Any", ["ANY", 80]], ["Any"]),
        (PortSet, ["rpc, 135", ["135", "RPC"]], ["135", "RPC"]),
        (AddressSet, ["10.0.0.0/8", "10.0.0.0/255.0.0.0"], ["10.0.0.0/8"]),
        (AddressSet, ["10.0.0.1", "10.0.0.1/32", "10.0.0.1-10.0.0.1"], ["10.0.0.1"]),
        (AddressSet, ["localsubnet,10.0.0.1", ["10.0.0.1", "LocalSubnet"]], ["10.0.0.1", "LocalSubnet"]),
        (AddressSet, ["fe80:0:0::1", "fe80::1"], ["fe80::1"]),
        (AddressSet, ["any", ["10.0.0.1", "Any"]], ["Any"]),
        (ProfileSet, ["domain,private", ["Private", "Domain"], "Private, Domain"], ["Domain", "Private"]),
        (ProfileSet, ["any", "All", ["Domain", "Private", "Public"]], ["Any"]),
        (Protocol, ["tcp", "TCP", 6, "6"], "TCP"),
        (Protocol, ["icmpv4", 1], "ICMPv4"),
        (Protocol, ["47", 47], "47"),
        (Protocol, ["any"], "Any"),
    ],
)
def test_spellings_of_one_meaning_are_equal(kind: type, spellings: list[object], canonical: object) -> None:
    values = {kind.parse(spelling) for spelling in spellings}
    assert len(values) == 1
    assert values.pop().plain() == canonical


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (PortRange, 0),
        (PortRange, 65536),
        (PortRange, "90-80"),
        (PortRange, "80-"),
        (PortRange, True),
        (PortSet, "http"),
        (AddressSet, "10.0.0.300"),
        (AddressSet, "10.0.0.9-10.0.0.1"),
        (AddressSet, 7),
        (ProfileSet, "Work"),
        (Protocol, "256"),
        (Protocol, "sctp?"),
    ],
)
def test_nonsense_is_refused_with_what_is_accepted(kind: type, value: object) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        kind.parse(value)


def test_a_prefix_with_host_bits_is_told_the_right_one() -> None:
    with pytest.raises(ValueError, match=r"the prefix is 172\.20\.0\.0/24"):
        parse_network("172.20.0.5/24")


def test_words_ignore_case_and_short_forms() -> None:
    assert Direction("in") is Direction.INBOUND
    assert Mode("L2Bridge") is Mode.L2BRIDGE
    with pytest.raises(ValueError, match="sideways"):
        Direction("sideways")


ranges = st.tuples(st.integers(1, 65535), st.integers(1, 65535)).map(lambda pair: PortRange(min(pair), max(pair)))


@given(st.lists(ranges, min_size=1, max_size=6))
def test_a_port_set_holds_exactly_the_ports_of_its_parts(parts: list[PortRange]) -> None:
    whole = PortSet.parse([str(part) for part in parts])
    covered = {port for part in parts for port in (part.first, part.last)}
    inside = {port for port in covered if any(item.first <= port <= item.last for item in whole.ranges)}
    assert inside == covered
    assert PortSet.parse(whole.plain()) == whole
    assert all(one.last + 1 < other.first for one, other in zip(whole.ranges, whole.ranges[1:], strict=False))
