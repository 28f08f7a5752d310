"""Objects of hosts as tables."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psnet.report.objects import object_html, object_text


def thing(**properties: Any) -> Any:
    return SimpleNamespace(properties=properties)


@pytest.mark.parametrize(
    ("objects", "text"),
    [
        ([], ""),
        (["one", "two [bold]"], "one\ntwo [bold]"),
        ([3, None, True], "3\n\nTrue"),
        (
            [
                thing(Name="nat", PSComputerName="web01", Ports=[80, 443]),
                thing(Name="[x]", PSComputerName="w", Ports=None),
            ],
            "Name   Ports\n────────────────\nnat    {80, 443}\n[x]",
        ),
        ([{"Id": 1}, {"Id": 10}], "Id\n──\n 1\n10"),
        (
            [thing(**{f"P{number}": number for number in range(8)})],
            "\n".join(f"P{number}  {number}" for number in range(8)),
        ),
    ],
)
def test_objects_are_shown_by_their_shape(objects: list[Any], text: str) -> None:
    assert object_text(objects, 80) == text


values = st.one_of(st.none(), st.integers(), st.text(), st.lists(st.text(), max_size=3))


@given(st.lists(st.dictionaries(st.text(min_size=1, max_size=12), values, max_size=9), max_size=4))
def test_no_value_breaks_the_table_or_becomes_markup(rows: list[dict[str, Any]]) -> None:
    object_text(rows, 60)
    assert "<script" not in object_html([*rows, {"Name": "<script>alert(1)</script>"}])
