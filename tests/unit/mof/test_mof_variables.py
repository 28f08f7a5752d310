"""Values that go along in script blocks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from mof_build import SECRET, refusal, scalar, site, written

from psnet.lab import values as lab
from psnet.lab.clixml.serializer import serialize
from psnet.mof.variables import clixml

if TYPE_CHECKING:
    from psnet.mof import SchemaSet

LEAP_DAY = (dt.date(2024, 2, 29).toordinal() - 1) * 86_400 * 10**7  # ticks


@pytest.mark.parametrize(
    ("value", "same"),
    [
        (True, True),
        (5, 5),
        (-(2**31) - 1, lab.Int64(-(2**31) - 1)),
        (2**63, Decimal(2**63)),
        (1.5, 1.5),
        ("a<b> _x0041_\n", "a<b> _x0041_\n"),
        ([], lab.Array([])),
        ({}, lab.Hashtable()),
        ([1, [2, [3]], "x", None], lab.Array([1, lab.Array([2, lab.Array([3])]), "x", None])),
        (
            {"a": {"b": {}}, 5: [False]},
            lab.Hashtable([("a", lab.Hashtable([("b", lab.Hashtable())])), (5, lab.Array([False]))]),
        ),
        ({"$hashtable": {"k": 1}}, lab.Hashtable([("k", 1)])),
        (
            {"$datetime": "2024-02-29T12:34:56Z"},
            lab.DateTime(LEAP_DAY + (12 * 3600 + 34 * 60 + 56) * 10**7, 1),
        ),
        (
            dt.date(2024, 2, 29),
            lab.DateTime(LEAP_DAY),
        ),
    ],
)
def test_a_value_is_written_as_powershell_serializes_it(value: Any, same: Any) -> None:
    assert clixml(value) == serialize(same, 1, newline="\n")


@pytest.mark.parametrize(
    "value",
    [
        SECRET,
        [{"a": SECRET}],
        {"$instance": "X"},
        {"$powershell": "{ 1 }"},
        {"$datetime": "soon"},
    ],
)
def test_what_must_not_or_cannot_go_along_is_refused(value: Any, schemas: SchemaSet) -> None:
    config = site(scalar(Text={"$powershell": "{ $using:x }"}), variables={"x": value})
    assert refusal(config, schemas) == "InvalidDeclaration"


def test_a_date_goes_along(schemas: SchemaSet) -> None:
    config = site(scalar(Text={"$powershell": "{ $using:x }"}), variables={"x": {"$datetime": "2024-01-02T03:04:05.5"}})
    assert "<DT>2024-01-02T03:04:05.5</DT>" in written(config, schemas)[0].properties["Text"].value
