"""The compiler's rules beside the recorded cases: conversions, numbering, nesting, versions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from mof_build import (
    PLAIN,
    SECRET,
    branch,
    lcm,
    leaf,
    meta,
    nested,
    refusal,
    scalar,
    settings,
    site,
    written,
)

from psnet.mof import compile_configuration

if TYPE_CHECKING:
    from psnet.mof import SchemaSet


@pytest.mark.parametrize(
    ("name", "given", "kind", "value"),
    [
        ("U8", "255", "integer", 255),
        ("U16", True, "integer", 1),
        ("U16", 1.5, "integer", 2),
        ("U16", 2.5, "integer", 2),
        ("U16", "2.5", "integer", 2),
        ("U32", "", "integer", 0),
        ("U32", "1kb", "integer", 1024),
        ("U32", "0x1F", "integer", 31),
        ("U32", "1e3", "integer", 1000),
        ("U32", " 7 ", "integer", 7),
        ("U64", 2**64 - 1, "integer", 2**64 - 1),
        ("S64", str(-(2**63)), "integer", -(2**63)),
        ("S8", None, "integer", 0),
        ("Flag", 0, "boolean", False),
        ("Flag", 2, "boolean", True),
        ("Flag", None, "boolean", False),
        ("Flag", 0.5, "boolean", True),
        ("R64", "1.5", "real", "1.5"),
        ("R64", True, "real", "1.0"),
        ("R64", None, "real", "0.0"),
        ("R64", 1e15, "real", "1.0E+15"),
        ("R64", 1e-5, "real", "1.0E-05"),
        ("R64", 0.0001, "real", "0.0001"),
        ("R64", 123456789012345.6, "real", "123456789012345.6"),
        ("R32", 3, "real", "3.0"),
        ("Letter", "ä", "char16", "ä"),
        ("Letter", 7, "char16", "7"),
        ("Letter", '"', "char16", '"'),
        ("Text", 1e15, "string", "1E+15"),
        ("Text", 0.1, "string", "0.1"),
        ("Text", False, "string", "False"),
        ("Text", {"$datetime": "2024-02-29T12:34:56Z"}, "string", "02/29/2024 12:34:56"),
        ("Text", "a\r\nb\r\r\nc\rd", "string", "a\nb\r\nc\rd"),
        ("Text", "$Oracle_Scalar1ref", "string", "$Oracle_Scalar1ref"),
        ("Text", "OMI_ConfigurationDocument", "string", "OMI_ConfigurationDocument"),
        ("When", "2024-02-29", "string", "20240229000000.000000+000"),
        ("When", "02/29/2024 1:02 PM", "string", "20240229130200.000000+000"),
        ("When", "Thu, 29 Feb 2024 12:34:56 GMT", "string", "20240229123456.000000+000"),
        ("When", 0, "string", "00010101000000.000000+000"),
    ],
)
def test_a_value_is_converted_as_powershell_converts_it(
    name: str, given: Any, kind: str, value: Any, schemas: SchemaSet
) -> None:
    found = written(site(scalar(**{name: given})), schemas)[0].get(name)
    assert found is not None
    assert (found.kind, found.value) == (kind, value)


def test_equal_resources_under_two_names_are_fine(schemas: SchemaSet) -> None:
    assert len(written(site(scalar("A", Name="k", U16=5), scalar("B", Name="K", U16="5")), schemas)) == 3
    same = {"Name": "a", "Texts": ["x"]}
    two = [{"type": "OracleArray", "name": name, "properties": same} for name in "AB"]
    assert len(written(site(*two), schemas)) == 3


def test_embedded_instances_stand_before_their_holder_and_count_by_class_in_order_of_use(
    schemas: SchemaSet,
) -> None:
    deep = nested(Branch=branch("t", Leaf=leaf(Label="1"), Leaves=[leaf(Label="2")]), Leaf=leaf(Label="3"))
    found = written(site(deep, scalar(), nested("M", Leaves=[leaf(Label="4")])), schemas)
    assert [instance.alias for instance in found] == [
        "$Oracle_Leaf1ref",
        "$Oracle_Leaf2ref",
        "$Oracle_Branch1ref",
        "$Oracle_Leaf3ref",
        "$Oracle_Nested1ref",
        "$Oracle_Scalar1ref",
        "$Oracle_Leaf4ref",
        "$Oracle_Nested2ref",
        None,
    ]


def test_hashtables_become_pairs_in_their_order(schemas: SchemaSet) -> None:
    tags = [
        {"$hashtable": {"b": 1, "a": True}},
        {"$instance": "MSFT_KeyValuePair", "properties": {"Key": "c", "Value": None}},
    ]
    found = written(site(nested(Tags=tags, Tag={"$hashtable": {"x": "y"}})), schemas)
    pairs = [
        (item.properties["Key"].value, item.properties["Value"].value) for item in found if "Pair" in item.class_name
    ]
    assert sorted(pairs, key=str) == sorted([("b", "1"), ("a", "True"), ("c", None), ("x", "y")], key=str)
    holder = next(item for item in found if item.class_name == "Oracle_Nested")
    assert [item.kind for item in holder.properties["Tags"].value] == ["reference"] * 3
    assert holder.properties["Tag"].kind == "reference"
    bare = written(site(nested(Tags={"$hashtable": {"x": "1", "y": "2"}})), schemas)[2]
    assert [item.value for item in bare.properties["Tags"].value] == [
        "$MSFT_KeyValuePair1ref",
        "$MSFT_KeyValuePair2ref",
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [({"Leaves": []}, []), ({"Tags": []}, []), ({"Leaves": None}, None)],
)
def test_an_empty_list_of_instances_is_written_and_null_is_null(given: Any, expected: Any, schemas: SchemaSet) -> None:
    (name,) = given
    found = written(site(nested(**given)), schemas)[0].get(name)
    assert found is not None
    assert found.plain() == expected


def test_nested_configurations_qualify_ids_and_pass_on_dependencies(schemas: SchemaSet) -> None:
    deep = {
        "type": "Deep",
        "name": "D",
        "expands_to": [scalar("X", Name="x")],
        "depends_on": "[OracleScalar]A",
    }
    inner = {
        "type": "Inner",
        "name": "I",
        "depends_on": "[OracleScalar]Z",
        "run_as": SECRET,
        "expands_to": [scalar("A", Name="a"), scalar("B", "[OracleScalar]A", Name="b"), deep],
    }
    config = site(scalar("Z", Name="z"), inner, scalar("Last", "[Inner]I", Name="l"), data=PLAIN)
    found = {item.properties["ResourceID"].value: item for item in written(config, schemas) if item.get("ResourceID")}

    def depends(resource_id: str) -> Any:
        value = found[resource_id].get("DependsOn")
        return value.plain() if value else None

    assert depends("[OracleScalar]A::[Inner]I") == ["[OracleScalar]Z"]
    assert depends("[OracleScalar]B::[Inner]I") == ["[OracleScalar]A::[Inner]I", "[OracleScalar]Z"]
    assert depends("[OracleScalar]X::[Deep]D::[Inner]I") == ["[OracleScalar]Z", "[OracleScalar]A::[Inner]I"]
    assert depends("[OracleScalar]Last") == [
        "[OracleScalar]A::[Inner]I",
        "[OracleScalar]B::[Inner]I",
        "[OracleScalar]X::[Deep]D::[Inner]I",
    ]
    assert found["[OracleScalar]A::[Inner]I"].properties["PsDscRunAsCredential"].kind == "reference"
    assert "PsDscRunAsCredential" not in found["[OracleScalar]Z"].properties
    twice = {**inner, "expands_to": [{**scalar("A"), "run_as": SECRET}]}
    assert refusal(site(scalar("Z", Name="z"), twice, data=PLAIN), schemas) == (
        "PsDscRunAsCredentialMergeErrorForCompositeResources"
    )


def test_a_credential_outside_any_node_has_no_data_that_allows_it(schemas: SchemaSet) -> None:
    data = {"AllNodes": [{"NodeName": "localhost", "PSDscAllowPlainTextPassword": True}]}
    secret = {"type": "OracleSecret", "name": "S", "properties": {"Name": "s", "Credential": SECRET}}
    config = {"name": "Site", "configuration_data": data, "nodes": [{"node": None, "resources": [secret]}]}
    assert refusal(config, schemas) == "InvalidPathSpecified"
    assert len(written(config, schemas, allow_plain_text=True)) == 3


def test_data_of_the_node_star_fills_in_what_a_node_lacks(schemas: SchemaSet) -> None:
    secret = {"type": "OracleSecret", "name": "S", "properties": {"Name": "s", "Credential": SECRET}}
    data = {"AllNodes": [{"NodeName": "*", "PSDscAllowPlainTextPassword": True}, {"NodeName": "H"}]}
    assert len(written(site(secret, data=data), schemas)) == 3
    data["AllNodes"][1]["psdscallowplaintextpassword"] = False
    assert refusal(site(secret, data=data), schemas) == "InvalidPathSpecified"


@pytest.mark.parametrize("nodes", [[], [{"node": "h", "resources": []}], [{"node": "", "resources": [scalar()]}]])
def test_a_configuration_without_resources_writes_nothing(nodes: Any, schemas: SchemaSet) -> None:
    assert compile_configuration({"name": "Site", "nodes": nodes}, schemas).documents == ()


def test_a_block_sees_the_resources_of_earlier_blocks_only(schemas: SchemaSet) -> None:
    blocks = [
        {"node": "h", "resources": [scalar("B", "[OracleScalar]A", Name="b")]},
        {"node": "H", "resources": [scalar("A", Name="a")]},
    ]
    assert refusal({"name": "Site", "nodes": blocks}, schemas) == "RequiredResourceNotFound"
    (document,) = compile_configuration({"name": "Site", "nodes": blocks[::-1]}, schemas).documents
    assert document.file == "H.mof"


def test_a_meta_configuration_lists_its_managers_in_the_settings(schemas: SchemaSet) -> None:
    config = lcm(
        meta("ResourceRepositoryWeb", "R", ServerURL="r"),
        meta("ResourceRepositoryShare", "S", SourcePath="s"),
        settings(),
        meta("SignatureValidation", "V", TrustedStorePath="t", SignedItemType=["configuration"]),
        meta("ReportServerWeb", "P", ServerURL="p"),
    )
    found = written(config, schemas)
    assert [item.class_name for item in found] == [
        "MSFT_WebResourceManager",
        "MSFT_FileResourceManager",
        "MSFT_SignatureValidation",
        "MSFT_WebReportManager",
        "MSFT_DSCMetaConfiguration",
        "OMI_ConfigurationDocument",
    ]
    assert {name: len(value.value) for name, value in found[4].properties.items()} == {
        "ResourceModuleManagers": 2,
        "ReportManagers": 1,
    }
    assert found[2].properties["SignedItemType"].plain() == ["Configuration"]
    assert found[5].properties["MinimumCompatibleVersion"].value == "2.0.0"


def test_one_newer_setting_raises_the_version_of_every_node(schemas: SchemaSet) -> None:
    nodes = [
        {"node": f"h{days}", "resources": [settings(**given)]}
        for days, given in enumerate(({"RefreshMode": "Push"}, {"MaximumDownloadSizeMB": 5}))
    ]
    result = compile_configuration({"document": "meta", "name": "Lcm", "nodes": nodes}, schemas)
    versions = [document.instances[-1].properties["MinimumCompatibleVersion"].value for document in result.documents]
    assert versions == ["2.0.0", "2.0.0"]


def test_the_same_declaration_gives_the_same_bytes(schemas: SchemaSet) -> None:
    config = site(nested(Tags=[{"$hashtable": {"b": 1, "a": 2}}]), scalar(When={"$datetime": "2024-01-01"}))
    first, second = (compile_configuration(json.loads(json.dumps(config)), schemas).documents[0] for _ in range(2))
    assert first.encode() == second.encode()
    assert first.encode().startswith(b"\xff\xfe")
    assert first.encode("utf-8").startswith(b"/*\r\n@TargetNode='h'\r\n")
    assert first.text.replace("\r\n", "").count("\n") == 0


def test_script_blocks_take_their_variables_along(schemas: SchemaSet) -> None:
    script = "{ $using:n; '$using:no'; \"$Using:s\" # $using:no\r\n }"
    config = site(scalar(Text={"$powershell": script}), variables={"s": "it's", "n": 5})
    found = written(config, schemas)[0].properties["Text"].value
    assert found.startswith("$n = [System.Management.Automation.PSSerializer]::Deserialize('<Objs ")
    assert "<I32>5</I32>" in found
    assert found.endswith("$s ='it''s'\n $n; '$using:no'; \"$s\" # $using:no\n ")
    result = compile_configuration(site(scalar(Text={"$powershell": "{ $using:gone }"})), schemas)
    assert len(result.warnings) == 1
