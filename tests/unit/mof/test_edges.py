"""Between the recorded cases: what is converted before it is validated, empty things, names of several modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from mof_build import PLAIN, SECRET, array, lcm, leaf, meta, nested, refusal, scalar, settings, site, written

from psnet.mof import MofRefusal, compile_configuration, load_schemas

if TYPE_CHECKING:
    from pathlib import Path

    from psnet.mof import SchemaSet

EMPTY: dict[str, Any] = {"$hashtable": {}}


def pair(key: str, value: Any) -> dict[str, Any]:
    return {"$instance": "MSFT_KeyValuePair", "properties": {"Key": key, "Value": value}}


@pytest.mark.parametrize(
    ("resource", "error_id"),
    [
        (scalar(U16=["abc"]), "InvalidCastFromStringToInteger"),
        (scalar(Flag=["x"]), "CannotConvertStringToBool"),
        (scalar(Flag=[1]), "InvalidMOFDefinition"),
        (array(U16s=[70000, "x"]), "InvalidCastFromStringToInteger"),
        (array(Texts=[["a"], SECRET]), "InvalidPathSpecified"),
        (nested(Leaf=leaf(Peers=[])), "InvalidMOFDefinition"),
        (nested(Leaf=leaf(Peers=None)), "InvalidMOFDefinition"),
        (nested(Tags=[EMPTY, {"$hashtable": {"a": 1}}]), "InvalidMOFDefinition"),
        (nested(Tag=EMPTY), "InvalidMOFDefinition"),
        (nested(Tags=[pair("a", "1"), pair("A", "2")]), "ConflictingDuplicateResource"),
        (nested(Tags=[pair("", "1")]), "ParameterArgumentValidationErrorEmptyStringNotAllowed"),
        (nested(Tags=[{"$hashtable": {"a": {"$hashtable": {"b": 1}}}}]), "InvalidMOFDefinition"),
        (scalar(U16=leaf(Port=1)), "InvalidCastFromStringToInteger"),
        (scalar(U32="#1F"), "InvalidCastFromStringToInteger"),
        (scalar(R64="NaN"), "InvalidMOFDefinition"),
        (scalar(R64="-Infinity"), "InvalidMOFDefinition"),
        (scalar(Flag=leaf(Port=1)), "CannotConvertStringToBool"),
        (scalar(When=leaf(Port=1)), "ParameterArgumentTransformationError"),
    ],
)
def test_what_cannot_be_converted_is_told_before_what_mof_cannot_hold(
    resource: dict[str, Any], error_id: str, schemas: SchemaSet
) -> None:
    assert refusal(site(resource), schemas) == error_id


@pytest.mark.parametrize(
    ("resource", "name", "expected"),
    [
        (nested(Tags=[EMPTY]), "Tags", []),
        (array(U16s=[1, None], Flags=[None]), "U16s", [1, 0]),
        (array(Flags=[True, None]), "Flags", [True, False]),
        (array(R64s=[None, "2"]), "R64s", [0.0, 2.0]),
        (array(Texts=""), "Texts", [""]),
        (scalar(R64="-0x10"), "R64", -16.0),
        (scalar(S64="-0x1F"), "S64", -31),
        (scalar(When=1.5e13), "When", "00010118084000.000000+000"),
        (array(U16s=0), "U16s", [0]),
        (array(Whens="2024-01-01"), "Whens", ["20240101000000.000000+000"]),
        (array(Texts=[1, True, 1.5, "x"]), "Texts", ["1", "True", "1.5", "x"]),
        (
            {"type": "OracleEnum", "name": "E", "properties": {"Name": "e", "Mode": ["NAT"], "Days": ["mon", "WED"]}},
            "Days",
            ["mon", "WED"],
        ),
        ({"type": "OracleEnum", "name": "E", "properties": {"Name": "e", "Mode": ["NAT"]}}, "Mode", "nat"),
        ({"type": "Oracle_Plain", "name": "P", "properties": {"Name": "p"}}, "ResourceID", "[Oracle_Plain]P"),
    ],
)
def test_what_stands_between_the_recorded_cases_is_written(
    resource: dict[str, Any], name: str, expected: Any, schemas: SchemaSet
) -> None:
    found = written(site(resource), schemas)[-2].get(name)
    assert found is not None
    assert found.plain() == expected


def test_pairs_of_hashtables_are_no_resources_and_may_have_equal_keys(schemas: SchemaSet) -> None:
    config = site(nested(Tags=[{"$hashtable": {"a": "1"}}], Tag={"$hashtable": {"a": "2"}}))
    assert len(written(config, schemas)) == 4


@pytest.mark.parametrize(
    ("properties", "version"),
    [
        ({"PsDscRunAsCredential": None}, "2.0.0"),
        ({"PsDscRunAsCredential": SECRET}, "2.0.0"),
        ({"Text": "PsDscRunAsCredential"}, "1.0.0"),
    ],
)
def test_the_property_raises_the_version_whatever_it_holds(
    properties: dict[str, Any], version: str, schemas: SchemaSet
) -> None:
    footer = written(site(scalar(**properties), data=PLAIN), schemas)[-1]
    assert footer.properties["MinimumCompatibleVersion"].value == version


def test_a_node_localhost_is_refused_beside_resources_outside_even_when_empty(schemas: SchemaSet) -> None:
    blocks = [{"node": None, "resources": [scalar()]}, {"node": "LOCALHOST", "resources": []}]
    assert refusal({"name": "Site", "nodes": blocks}, schemas) == "LocalHostNodeNotAllowed"


def test_configuration_sources_are_looked_up_before_resource_sources(schemas: SchemaSet) -> None:
    first = meta("PartialConfiguration", "A", ResourceModuleSource="[ResourceRepositoryWeb]Y", RefreshMode="Push")
    other = meta("PartialConfiguration", "B", ConfigurationSource="[ConfigurationRepositoryWeb]Z", RefreshMode="Push")
    with pytest.raises(MofRefusal) as caught:
        compile_configuration(lcm(settings(RefreshMode="Push"), first, other), schemas)
    assert [item.id for item in caught.value.refusals] == [
        "ReferencedManagerNotFound",
        "ReferencedResourceSourceNotFound",
    ]


def test_every_refusal_of_a_value_says_what_to_do(schemas: SchemaSet) -> None:
    config = site(
        scalar("A", U16="x", depends="[Gone]Nowhere at all"), scalar("B", When="soon"), scalar("C", Flag="yes")
    )
    with pytest.raises(MofRefusal) as caught:
        compile_configuration(config, schemas)
    assert len(caught.value.refusals) == 4
    assert all(item.remedy for item in caught.value.refusals)


@pytest.mark.parametrize(
    ("node", "part"),
    [
        ({"CertificateFile": "gone.cer"}, "path from the declaration's folder"),
        ({"CertificateID": "AB"}, "folder of --certificates"),
        ({}, "CertificateFile or CertificateID in configuration_data"),
    ],
)
def test_a_certificate_that_is_not_there_says_where_it_is_looked_for(
    node: dict[str, Any], part: str, schemas: SchemaSet
) -> None:
    config = site({**scalar(), "run_as": SECRET}, data={"AllNodes": [{"NodeName": "h", **node}]})
    with pytest.raises(MofRefusal) as caught:
        compile_configuration(config, schemas)
    assert caught.value.refusal_id == "InvalidPathSpecified"
    assert part in (caught.value.refusals[0].remedy or "")


def _module(root: Path, name: str, class_name: str, extra: str = "") -> None:
    folder = root / name / "DSCResources" / class_name
    folder.mkdir(parents=True)
    (root / name / f"{name}.psd1").write_text("@{\n  ModuleVersion = '1.0.0'\n}\n", encoding="utf-8")
    text = f'[FriendlyName("Thing")] class {class_name} : OMI_BaseResource {{ [Key] string Name; {extra} }};'
    (folder / f"{class_name}.schema.mof").write_text(text, encoding="utf-8")


def test_one_name_in_two_modules_is_refused_until_an_import_says_which(tmp_path: Path) -> None:
    _module(tmp_path, "ADsc", "A_Thing")
    _module(tmp_path, "BDsc", "B_Thing", "[Write] uint16 Size;")
    both = load_schemas(tmp_path)
    thing = {"type": "Thing", "name": "T", "properties": {"Name": "t"}}
    with pytest.raises(MofRefusal, match="a resource of ADsc and of BDsc"):
        compile_configuration(site(thing), both)
    for imports, expected in ((["ADsc"], "A_Thing"), (["BDsc"], "B_Thing"), (["BDsc", "ADsc"], "A_Thing")):
        assert written(site(thing, imports=imports), both)[0].class_name == expected
    sized = {**thing, "properties": {"Name": "t", "Size": 1}}
    assert refusal(site(sized, imports=["ADsc"]), both) == "InvalidInstanceProperty"
