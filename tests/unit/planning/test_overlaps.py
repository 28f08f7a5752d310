"""Overlapping prefixes are found without comparing each with each, and plans of many networks stay quick."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, ip_network

from hypothesis import given
from hypothesis import strategies as st

from psnet.planning import plan
from psnet.planning.claim_index import ClaimIndex
from psnet.resources import Claim
from psnet.site.load import parse_site
from psnet.state import fresh_state
from psnet.types.overlaps import PrefixIndex

PREFIXES = st.one_of(
    st.builds(
        lambda number, length: IPv4Network((number, length), strict=False),
        st.integers(0, 2**32 - 1),
        st.integers(0, 32),
    ),
    st.builds(
        lambda number, length: IPv4Network((number << 24, length), strict=False),
        st.integers(0, 255),
        st.integers(4, 12),
    ),
    st.builds(
        lambda number, length: IPv6Network((number, length), strict=False),
        st.integers(0, 2**128 - 1),
        st.integers(0, 128),
    ),
)


@given(st.lists(PREFIXES, max_size=30), PREFIXES)
def test_the_index_finds_what_comparing_each_finds(
    prefixes: list[IPv4Network | IPv6Network], asked: IPv4Network
) -> None:
    index = PrefixIndex([(prefix, number) for number, prefix in enumerate(prefixes)])
    expected = [
        (prefix, number)
        for number, prefix in enumerate(prefixes)
        if prefix.version == asked.version and prefix.overlaps(asked)
    ]
    assert index.overlapping(asked) == expected


CLAIMS = st.builds(
    Claim,
    st.sampled_from(["port", "address"]),
    st.sampled_from(["TCP", "UDP"]),
    st.sampled_from([None, "", "10.0.0.1", "10.0.0.2"]),
    first := st.integers(0, 40),
    first,
).map(lambda claim: claim if claim.first <= claim.last else replace(claim, first=claim.last, last=claim.first))


def meet(one: Claim, other: Claim) -> bool:
    """Say whether both occupy something in common."""
    same = (one.what, one.scope) == (other.what, other.scope)
    near = one.address == other.address or None in (one.address, other.address)
    return same and near and one.first <= other.last and other.first <= one.last


@given(st.lists(CLAIMS, max_size=30), CLAIMS)
def test_who_holds_a_claim_is_who_the_first_that_meets_it_names(claims: list[Claim], asked: Claim) -> None:
    index = ClaimIndex()
    for number, claim in enumerate(claims):
        index.add(claim, str(number))
    assert index.owner(asked) == next((str(n) for n, claim in enumerate(claims) if meet(claim, asked)), None)


def calls(count: int) -> int:
    """Return how many calls planning so many networks takes."""
    lines = [
        f"  - {{name: n{number}, mode: l2bridge, adapter: Ethernet, subnet: 10.{number // 250}.{number % 250}.0/24}}"
        for number in range(count)
    ]
    site = parse_site("container_networks:\n" + "\n".join(lines)).for_host("h")
    state = fresh_state(20348)
    seen = Counter[str]()
    before = sys.getprofile()
    sys.setprofile(lambda _, event, __: seen.update((event,)))
    try:
        made = plan(site, state)
    finally:
        sys.setprofile(before)
    assert len(made.changes) == count
    return seen["call"]


def test_planning_networks_is_no_more_than_linear() -> None:
    assert calls(400) < 5 * calls(100)  # 4 is linear, 16 quadratic


def test_an_overlap_is_found_among_many() -> None:
    lines = [f"  - {{name: n{number}, mode: overlay, subnet: 10.1.{number}.0/24}}" for number in range(100)]
    lines.append("  - {name: z, mode: overlay, subnet: 10.1.64.0/23}")
    made = plan(parse_site("container_networks:\n" + "\n".join(lines)).for_host("h"), fresh_state(20348))
    found = [item for item in made.findings if item.id == "prefix-overlaps-network"]
    assert [(item.resource, item.reason.split()[2]) for item in found] == [
        ("container_network z", "10.1.64.0/24"),
        ("container_network z", "10.1.65.0/24"),
    ]
    assert ip_network("10.1.64.0/23")
