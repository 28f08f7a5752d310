"""CLIXML to Python values, and what those values can do."""

from __future__ import annotations

import json
import pickle
import uuid
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psnet._internal.text import Untrusted
from psnet.lab.clixml import serialize_element
from psnet.transport.clixml import read_clixml
from psnet.transport.records import error_record
from psnet.transport.values import RemoteEnum, RemoteObject, Version, plain

NAT = """<Obj RefId="0"><TN RefId="0">
<T>Deserialized.Microsoft.Management.Infrastructure.CimInstance#root/standardcimv2/MSFT_NetNat</T>
<T>Deserialized.System.Object</T></TN><ToString>MSFT_NetNat (Name = "web")</ToString>
<Props><S N="Name">web</S><Nil N="ExternalIPInterfaceAddressPrefix" />
<Obj N="Active" RefId="1"><TN RefId="1"><T>Deserialized.NetNat.Active</T><T>Deserialized.System.Enum</T>
<T>Deserialized.System.ValueType</T><T>Deserialized.System.Object</T></TN><ToString>True</ToString><Byte>1</Byte></Obj>
</Props><MS><S N="PSComputerName">ws1</S></MS></Obj>""".replace("Byte>", "By>")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<S>a_x000A_b_x005F_x0041_</S>", "a\nb_x0041_"),
        ("<S>_xD83D__xDE00_</S>", "\U0001f600"),
        ("<S />", ""),
        ("<Nil />", None),
        ("<B>true</B>", True),
        ("<I32>-5</I32>", -5),
        ("<U64>18446744073709551615</U64>", 2**64 - 1),
        ("<Db>INF</Db>", float("inf")),
        ("<D>79228162514264337593543950335</D>", Decimal(79228162514264337593543950335)),
        ("<C>8364</C>", "€"),
        ("<G>12345678-1234-1234-1234-123456789abc</G>", uuid.UUID("12345678-1234-1234-1234-123456789abc")),
        ("<Version>5.1.20348.1</Version>", Version((5, 1, 20348, 1))),
        ("<BA>AAEC</BA>", b"\0\1\2"),
        ("<DT>2026-01-02T03:04:05.1234567Z</DT>", datetime(2026, 1, 2, 3, 4, 5, 123456, UTC)),
        ("<DT>2026-01-02T03:04:05-08:00</DT>", datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=-8)))),
        ("<DT>9999-12-31T23:59:59.9999999</DT>", datetime.max),  # noqa: DTZ901 - .NET's own date without a zone
        ("<TS>PT1M2.5S</TS>", timedelta(minutes=1, seconds=2.5)),
        ("<TS>-P1DT2H</TS>", -timedelta(days=1, hours=2)),
        ("<TS>P10675199DT2H48M5.4775807S</TS>", timedelta(10675199, 10085, 477580)),
        ('<Obj RefId="0"><LST><I32>1</I32><S>x</S></LST></Obj>', [1, "x"]),
        ('<Obj RefId="0"><IE><I32>1</I32></IE></Obj>', [1]),
        (
            '<Obj RefId="0"><DCT><En><S N="Key">a</S><Obj N="Value" RefId="1"><LST /></Obj></En></DCT></Obj>',
            {"a": []},
        ),
        ('<Obj RefId="0"><S>line</S><MS><S N="PSPath">x</S></MS></Obj>', "line"),
    ],
)
def test_primitives_and_collections_are_pythons_own(text: str, value: Any) -> None:
    found = read_clixml(text)
    assert found == value
    assert type(found) in (type(value), Untrusted)  # a host's text is marked as such


def test_an_object_has_its_properties_without_regard_to_case() -> None:
    nat = read_clixml(NAT)
    assert nat.Name == nat.NAME == nat["name"] == "web"
    assert "pscomputername" in nat
    assert nat.get("nothing", 7) == 7
    assert nat.ExternalIPInterfaceAddressPrefix is None
    assert nat.type_names[0].endswith("MSFT_NetNat")
    assert nat.adapted["Name"] == "web"
    assert nat.extended == {"PSComputerName": "ws1"}
    assert str(nat) == 'MSFT_NetNat (Name = "web")'
    assert repr(nat).startswith("<MSFT_NetNat Name='web'")
    assert nat.as_dict() == {
        "Name": "web",
        "ExternalIPInterfaceAddressPrefix": None,
        "Active": "True",
        "PSComputerName": "ws1",
    }
    with pytest.raises(AttributeError, match="MSFT_NetNat has no property Nmae; it has Name"):
        _ = nat.Nmae
    assert pickle.loads(pickle.dumps(nat)) == nat


def test_an_enum_is_a_number_with_a_name() -> None:
    active = read_clixml(NAT).Active
    assert isinstance(active, RemoteEnum)
    assert (int(active), str(active), active == 1) == (1, "True", True)
    again = pickle.loads(pickle.dumps(active))
    assert (again, again.name, again.type_names) == (active, "True", active.type_names)
    assert json.dumps(plain([active])) == '["True"]'


def test_a_table_for_a_notebook_escapes_what_the_host_says() -> None:
    html = RemoteObject(("System.Object",), extended={"<b>": "<script>"})._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_references_name_what_came_before() -> None:
    shared = '<Obj RefId="0"><LST><Obj RefId="1"><MS><I32 N="a">1</I32></MS></Obj><Ref RefId="1" /></LST></Obj>'
    first, second = read_clixml(shared)
    assert first is second
    loop = read_clixml('<Obj RefId="0"><MS><Ref N="me" RefId="0" /></MS></Obj>')
    assert loop.me is loop
    inside = read_clixml('<Obj RefId="0"><LST><Ref RefId="0" /></LST></Obj>')
    assert inside[0] is inside


@pytest.mark.parametrize("text", ["", "<S>", "<Strange />", "no xml"])
def test_what_is_no_clixml_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="not CLIXML"):
        read_clixml(text)


@given(st.text())
def test_every_text_survives_the_way_from_the_host(text: str) -> None:
    assert read_clixml(serialize_element(text)) == text


def test_an_error_is_what_powershell_said() -> None:
    sent = RemoteObject(
        extended={
            "Exception": RemoteObject(("System.IO.IOException",), adapted={"Message": "in use"}),
            "TargetObject": "x.txt",
            "FullyQualifiedErrorId": "InUse,Remove-Item",
            "ErrorCategory_Category": 19,
            "InvocationInfo_PositionMessage": "At line:3 char:1",
            "InvocationInfo_ScriptLineNumber": 3,
        }
    )
    record = error_record(sent)
    assert (record.message, record.error_id, record.category) == ("in use", "InUse,Remove-Item", "ResourceBusy")
    assert (record.target, record.position, record.line) == ("x.txt", "At line:3 char:1", 3)
    assert record.exception_type == "System.IO.IOException"
    assert str(record) == "in use (InUse,Remove-Item)"
