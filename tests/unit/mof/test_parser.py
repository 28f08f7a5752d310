"""The MOF parser: what it reads, and where it says that a text is none."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mof_oracle import oracle_cases
from sampling import examples

from psnet.mof import Instance, MofSyntaxError, Value, document_text, parse_mof, parse_schema

if TYPE_CHECKING:
    from collections.abc import Callable

# What stands in a document as text: anything but NUL and half surrogate pairs, which no MOF can hold.
texts = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)))
names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True)
units = st.characters(min_codepoint=1, max_codepoint=0xFFFF, blacklist_categories=("Cs",))
scalars = st.one_of(
    texts.map(lambda text: Value("string", text)),
    units.map(lambda text: Value("char16", text)),
    st.integers(-(2**63), 2**64 - 1).map(lambda number: Value("integer", number)),
    st.booleans().map(lambda flag: Value("boolean", flag)),
    st.just(Value("null")),
    st.sampled_from(["1.0", "-0.25", "1.5E-07", "+2.0e10", ".5"]).map(lambda text: Value("real", text)),
)
values = st.one_of(scalars, st.lists(scalars, max_size=4).map(lambda items: Value("array", tuple(items))))
properties = st.dictionaries(names.map(str.lower), values, max_size=5)


@given(st.lists(st.tuples(names, properties), max_size=4), st.sampled_from(["utf-16", "utf-8", "utf-8-sig"]))
def test_what_is_written_is_read_back_as_it_was(held: list[tuple[str, dict[str, Value]]], encoding: str) -> None:
    instances = [Instance(name, f"$A{index}ref", given_) for index, (name, given_) in enumerate(held)]
    text = document_text(instances, ["@TargetNode='*/ x'"])
    assert parse_mof(text.encode(encoding)) == instances
    assert parse_mof(text) == instances


def refusal_of(parse: Callable[[Any], object], text: str | bytes) -> MofSyntaxError | None:
    """Return the error of a text, None when it was read; any other error is the test's failure."""
    try:
        parse(text)
    except MofSyntaxError as error:
        return error
    return None


RECORDED = [document["mof"] for case in oracle_cases() for document in case.get("documents") or ()]


@settings(max_examples=examples(300))
@given(st.data())
def test_a_damaged_document_is_read_or_refused_with_a_place_inside_it(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(RECORDED))
    at = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(at, min(len(text), at + 30)))
    junk = data.draw(st.text(st.sampled_from("\"'{}[]();,=:$\\/*#.+-0x\0 \nanull1E"), max_size=6))
    damaged = text[:at] + junk + text[end:]
    error = refusal_of(parse_mof, damaged)
    if error is not None:
        lines = damaged.split("\n")
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1


@given(st.binary(max_size=200))
def test_bytes_that_are_no_document_never_crash_the_parser(data: bytes) -> None:
    for parse in (parse_mof, parse_schema):
        error = refusal_of(parse, data)
        assert error is None or error.line >= 1


@given(st.text(max_size=200))
def test_text_that_is_no_schema_never_crashes_the_parser(text: str) -> None:
    error = refusal_of(parse_schema, text)
    assert error is None or error.line >= 1


@pytest.mark.parametrize(
    ("literal", "kind", "value"),
    [
        ('"a" /* x */ "b"\n // y\n "c"', "string", "abc"),
        (r'"\x41\X0042\t\"\\"', "string", 'AB\t"\\'),
        ("'\\''", "char16", "'"),
        ("'\\x263A'", "char16", "\u263a"),
        ("0x1F", "integer", 31),
        ("-0X1f", "integer", -31),
        ("0101b", "integer", 5),
        ("017", "integer", 15),
        ("+7", "integer", 7),
        ("TRUE", "boolean", True),
        ("Null", "null", None),
        ("-1.5e+3", "real", "-1.5e+3"),
        ("{ }", "array", ()),
    ],
)
def test_literals_of_every_kind(literal: str, kind: str, value: object) -> None:
    (instance,) = parse_mof(f"INSTANCE OF X {{ P = {literal}; }};")
    assert (instance.properties["P"].kind, instance.properties["P"].value) == (kind, value)


@pytest.mark.parametrize(
    ("text", "line", "column", "part"),
    [
        ("instance of X\n{\n P = 1E+20.0;\n};", 3, 6, "no number"),
        ("instance of X { P = 1. ; };", 1, 21, "no number"),
        ("instance of X { P = 09; };", 1, 21, "no number"),
        ('instance of X { P = "a\n"; };', 1, 21, "not closed"),
        ('instance of X { P = "a\0"; };', 1, 23, "NUL"),
        (r'instance of X { P = "a\q"; };', 1, 23, "escape"),
        ("instance of X { P = 'ab'; };", 1, 21, "character"),
        ("instance of X { P = ''; };", 1, 21, "character"),
        ("instance of X { P = $Yref; };", 1, 21, "not defined"),
        ("instance of X as $Aref { P = $Aref; };", 1, 30, "not defined"),
        ("instance of X as $Aref { P = 1; };\ninstance of X as $aREF { P = 1; };", 2, 18, "another"),
        ("instance of X { P = 1; p = 2; };", 1, 24, "twice"),
        ("instance of X { P = {1,}; };", 1, 24, "a value expected"),
        ("instance of X { P = 1 };", 1, 23, "';' expected"),
        ("instance of X { P = 1; }", 1, 25, "the end"),
        ("/* x", 1, 1, "not closed"),
        ("class X { string P; };", 1, 1, "instance of"),
        ("#include", 1, 1, "no meaning"),
    ],
)
def test_an_error_names_its_line_and_column(text: str, line: int, column: int, part: str) -> None:
    with pytest.raises(MofSyntaxError) as caught:
        parse_mof(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert part in caught.value.reason


def test_a_utf_16_document_without_its_mark_is_refused() -> None:
    with pytest.raises(MofSyntaxError, match="no valid MOF") as caught:
        parse_mof("instance of X { P = 1; };".encode("utf-16-le"))
    assert "UTF-16" in caught.value.reason
    with pytest.raises(MofSyntaxError):
        parse_mof(b'instance of X { P = "\xff"; };')


def test_a_schema_keeps_qualifiers_types_and_defaults() -> None:
    (cls,) = parse_schema(
        """
        #pragma namespace("root")
        Qualifier Key : boolean = false, Scope(property), Flavor(DisableOverride);
        [ClassVersion("1.0.0"), FriendlyName("Thing") : ToInstance, Abstract]
        class My_Thing : OMI_BaseResource
        {
            [Key, Description("a" "b")] String Name;
            [Write, ValueMap{"1", "2"}, Values{"x", "y"}] uint16 Level[4] = {1, 2};
            Other_Class ref Link;
            [Static] uint32 Get([In] string x, [Out] boolean y[]);
            REAL64 Ratio = -1.5;
        };
        """
    )
    assert (cls.name, cls.superclass, cls.qualifiers["friendlyname"].value.value) == (
        "My_Thing",
        "OMI_BaseResource",
        "Thing",
    )
    name, level, link, ratio = cls.properties
    assert name.qualifiers["description"].value.value == "ab"
    assert (level.type, level.is_array, level.default and level.default.plain()) == ("uint16", True, [1, 2])
    assert (link.type, link.is_reference) == ("Other_Class", True)
    assert ratio.default is not None
    assert math.isclose(ratio.default.plain(), -1.5)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("class X\n{\n  strng P;\n};", 3, 3),
        ("class X\n{\n  string P;\n  string p;\n};", 4, 3),
        ("[Key, key] class X { };", 1, 7),
        ("class X { string P; }", 1, 22),
        ("class { };", 1, 7),
    ],
)
def test_a_schema_error_names_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(MofSyntaxError) as caught:
        parse_schema(text)
    assert (caught.value.line, caught.value.column) == (line, column)
