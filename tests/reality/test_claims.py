"""The lab holds what the recordings of real hosts support."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reality import claims

if TYPE_CHECKING:
    from collections.abc import Callable

PROOFS = claims.proofs()


@pytest.mark.parametrize("proof", [proof for _, proof in PROOFS], ids=[name for name, _ in PROOFS])
def test_the_lab_holds_a_claim(proof: Callable[[], None]) -> None:
    proof()


def test_a_claim_is_settled_in_one_way_and_exists() -> None:
    ways = [set(claims.held()), set(claims.argued()), set(claims.pending())]
    assert not set.union(*ways) - set(claims.claims())
    assert not ways[0] & ways[1] | ways[0] & ways[2] | ways[1] & ways[2]


def test_every_claim_is_settled() -> None:
    assert claims.missing() == []


def test_only_a_weak_claim_is_argued_against_and_with_a_reason() -> None:
    for item, reason in claims.argued().items():
        one = claims.claims()[item]
        assert one["strength"] in ("one report", "inferred") or "contradicted" in str(one.get("later")), item
        assert len(reason) > 20, item
