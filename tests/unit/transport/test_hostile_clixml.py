"""CLIXML that means harm: read within bounds and shown, or refused with a sentence; never another exception."""

from __future__ import annotations

import json
import time
from typing import Final

import pytest

from psnet.errors import PsnetError
from psnet.report.objects import object_text
from psnet.transport.clixml import read_clixml
from psnet.transport.exceptions import TransportError
from psnet.transport.values import plain


def holding(inner: str) -> str:
    return f'<Obj RefId="0"><MS>{inner}</MS></Obj>'


def numbers(tag: str) -> dict[str, str]:
    words = ("", " ", "9" * 5000, "-", "NaN", "1e999999", "0x10", "١٢", "1_000", "+1", "1\u202e")
    return {f"{tag} of {word[:8]!r}": holding(f'<{tag} N="x">{word}</{tag}>') for word in words}


def other(tag: str, *words: str) -> dict[str, str]:
    return {f"{tag} of {word[:20]!r}": holding(f'<{tag} N="x">{word}</{tag}>') for word in words}


HARM: Final[dict[str, str]] = {
    **{name: text for tag in ("I32", "U64", "By", "SB", "D", "Db", "Sg", "I64") for name, text in numbers(tag).items()},
    **other("DT", "", "0001-01-01T00:00:00.0000000+14:00", "9999-12-31T23:59:59.9999999Z", "2026-02-30T00:00:00Z"),
    **other("DT", "2026-01-01T00:00:00." + "9" * 5000, "9" * 5000 + "-01-01T00:00:00", "-2026-01-01T00:00:00"),
    **other(
        "TS", "P" + "9" * 5000 + "D", "PT" + "9" * 400 + "S", "P1Y", "-P99999999999DT1S", "P", "PT0.0000000000001S"
    ),
    **other("C", "", "-1", "1114112", "55296", "9" * 5000, "27"),
    **other("G", "", "x" * 5000, "{00000000-0000-0000-0000-000000000000}", "0" * 32),
    **other("BA", "", "%", "A", "AA=", "A" * 3_000_000, "AA==AA=="),
    **other("Version", "", ".", "1." * 3000, "9" * 5000 + ".1", "-1.2", "1.2.3.4.5.6"),
    **other("B", "", "maybe", "1", "TRUE "),
    **other("URI", "javascript:alert(1)", "\u202e", "file:///etc/passwd"),
    **other("XD", "&lt;!DOCTYPE x [&lt;!ENTITY a 'b'&gt;]&gt;&lt;x&gt;&amp;a;&lt;/x&gt;", "&lt;"),
    **other("SBK", "Remove-Item C:\\ -Recurse", "{{ 7*7 }}"),
    **other("SS", "0100", "x" * 3_000_000),
    **other("S", "_xD83D_", "_xDE00__xD83D_", "_x0000_", "_x001B_[2J", "_x005F_x0041_", "_x", "_xZZZZ_", "_x202E_"),
    **other("S", "_x" * 500_000, "&#x1F600;", "]]&gt;", "{{ lookup('pipe','id') }}"),
    "same id twice": '<Obj RefId="0"><LST><Obj RefId="1"><LST/></Obj><Obj RefId="1"><MS/></Obj></LST></Obj>',
    "id of itself": '<Obj RefId="0"><LST><Obj RefId="0"><LST/></Obj></LST></Obj>',
    "reference to nothing": holding('<Ref N="x" RefId="77" />'),
    "reference without an id": holding('<Ref N="x" />'),
    "id that is no number": '<Obj RefId="a&#10;b"><LST><Ref RefId="a&#10;b"/></LST></Obj>',
    "id of 5,000 digits": f'<Obj RefId="{"9" * 5000}"><LST/></Obj>',
    "id below zero": '<Obj RefId="-1"><LST><Ref RefId="-1"/></LST></Obj>',
    "types that are not there": '<Obj RefId="0"><TNRef RefId="9" /><LST/></Obj>',
    "types with escapes": '<Obj RefId="0"><TN RefId="0"><T>_x001B_[2J</T><T>\u202e</T></TN><LST/></Obj>',
    "types without end": f'<Obj RefId="0"><TN RefId="0">{"<T>a</T>" * 50_000}</TN><LST/></Obj>',
    "text of itself": '<Obj RefId="0"><ToString>_x001B_[2J{{ 7 }}</ToString><MS/></Obj>',
    "table that holds itself": '<Obj RefId="0"><DCT><En><S N="Key">a</S><Ref N="Value" RefId="0"/></En></DCT></Obj>',
    "table whose key is itself": '<Obj RefId="0"><DCT><En><Ref N="Key" RefId="0"/><S N="Value">a</S></En></DCT></Obj>',
    "table with a table for a key": (
        '<Obj RefId="0"><DCT><En><Obj N="Key" RefId="1"><DCT/></Obj><S N="Value">a</S></En></DCT></Obj>'
    ),
    "table with a list for a key": (
        '<Obj RefId="0"><DCT><En><Obj N="Key" RefId="1"><LST><S>x</S></LST></Obj><S N="Value">a</S></En></DCT></Obj>'
    ),
    "table without keys": '<Obj RefId="0"><DCT><En/><En><S N="Value">a</S></En><En><S N="Key">a</S></En></DCT></Obj>',
    "table of one key": '<Obj RefId="0"><DCT>'
    + '<En><S N="Key">a</S><S N="Value">b</S></En>' * 20_000
    + "</DCT></Obj>",
    "two circles": (
        '<Obj RefId="0"><MS><Obj N="a" RefId="1"><MS><Ref N="b" RefId="0"/></MS></Obj><Ref N="c" RefId="1"/></MS></Obj>'
    ),
    "circle through lists": '<Obj RefId="0"><LST><Obj RefId="1"><LST><Ref RefId="0"/></LST></Obj></LST></Obj>',
    "circle of a queue": '<Obj RefId="0"><QUE><Ref RefId="0"/></QUE></Obj>',
    "circle of a stack": '<Obj RefId="0"><STK><Ref RefId="0"/></STK></Obj>',
    "circle of IE": '<Obj RefId="0"><IE><Ref RefId="0"/></IE></Obj>',
    "wide and twice": '<Obj RefId="0"><LST>' + '<Ref RefId="0"/>' * 50_000 + "</LST></Obj>",
    "names of Python": holding("".join(f'<S N="{name}">x</S>' for name in ("__class__", "__dict__", "_repr_html_"))),
    "no name": holding("<S>x</S>" * 10),
    "one name often": holding('<S N="a">x</S>' * 20_000),
    "name with escapes": holding('<S N="_x001B_[2J\u202e">x</S>'),
    "name of 3 MB": holding(f'<S N="{"x" * 3_000_000}">x</S>'),
    "namespace": '<a:Obj xmlns:a="x" RefId="0"/>',
    "document type": '<!DOCTYPE x [<!ENTITY a "b">]><S>&a;</S>',
    "external entity": '<!DOCTYPE x SYSTEM "file:///etc/passwd"><S>a</S>',
    "instruction": '<?xml-stylesheet href="x"?><S>a</S>',
    "comment": f"<!--{'x' * 1_000_000}--><S>a</S>",
    "text between": '<Obj RefId="0">x<LST>y<S>a</S>z</LST></Obj>',
    "two values": "<S>a</S><S>b</S>",
    "unknown tag": holding('<Strange N="x">1</Strange>'),
    "depth of 300": '<Obj RefId="0"><LST>' * 300 + "</LST></Obj>" * 300,
    "depth of primitives": "<S>" * 5000 + "</S>" * 5000,
    "enum of a text": '<Obj RefId="0"><ToString>Up</ToString><S>x</S></Obj>',
    "enum of a list": '<Obj RefId="0"><ToString>Up</ToString><I32>1</I32><LST><I32>2</I32></LST></Obj>',
    "surrogate": "<S>\ud800</S>",
    "control character": "<S>\x01</S>",
    "zero": "<S>\0</S>",
    "empty": "",
}


@pytest.mark.parametrize("name", HARM)
def test_it_is_read_and_shown_or_refused(name: str) -> None:
    began = time.monotonic()
    said = outcome(HARM[name])
    assert said
    assert "\x1b" not in said
    assert time.monotonic() - began < 10


def outcome(text: str) -> str:
    """Return what is shown of a value, or the sentence that refuses it."""
    try:
        made = read_clixml(text)
    except (ValueError, PsnetError, TransportError) as error:
        return f"refused: {error}"[:1000]
    json.dumps(plain(made), default=str)
    return repr(made) + object_text([made], 80)
