"""Any value given in a declaration comes back from the written document."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st
from mof_build import array, nested, site
from mof_oracle import oracle_schemas

from psnet.mof import compile_configuration, parse_mof

if TYPE_CHECKING:
    import datetime as dt

texts = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)))
whens = st.datetimes()


def holder(resource: dict[str, Any]) -> dict[str, Any]:
    (document,) = compile_configuration(site(resource), oracle_schemas()).documents
    (found,) = [item for item in parse_mof(document.encode()) if item.get("ResourceID")]
    return {name: value.plain() for name, value in found.properties.items()}


def line_feeds(text: str) -> str:
    return re.sub("\r?\n", "\n", text)


@given(st.lists(texts, min_size=1))
def test_any_text(given_: list[str]) -> None:
    assert holder(array(Texts=given_))["Texts"] == [line_feeds(text) for text in given_]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_any_real_comes_back_bit_for_bit(given_: list[float]) -> None:
    found = holder(array(R64s=given_))["R64s"]
    assert [struct.pack("<d", item) for item in found] == [struct.pack("<d", item) for item in given_]


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1), st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_any_integer_within_its_type(unsigned: list[int], signed: list[int]) -> None:
    found = holder(array(U64s=unsigned, S64s=[str(item) for item in signed]))
    assert (found["U64s"], found["S64s"]) == (unsigned, signed)


@given(st.lists(st.booleans(), min_size=1), st.lists(whens, min_size=1))
def test_flags_and_dates(flags: list[bool], dates: list[dt.datetime]) -> None:
    found = holder(array(Flags=flags, Whens=[{"$datetime": when.isoformat()} for when in dates]))
    assert found["Flags"] == flags
    assert found["Whens"] == [re.sub(r"[-T:]", "", when.isoformat(timespec="microseconds")) + "+000" for when in dates]


@given(st.dictionaries(texts, texts, min_size=1))
def test_any_hashtable(table: dict[str, str]) -> None:
    unique = {key.lower(): (key, value) for key, value in table.items()}.values()
    resource = nested(Tags=[{"$hashtable": {key: value}} for key, value in unique])
    (document,) = compile_configuration(site(resource), oracle_schemas()).documents
    pairs = [item for item in parse_mof(document.encode()) if item.class_name == "MSFT_KeyValuePair"]
    assert [(item.properties["Key"].value, item.properties["Value"].value) for item in pairs] == [
        (line_feeds(key), line_feeds(value)) for key, value in unique
    ]
