"""The compiler's rules beside the recorded cases: conversions, bounds, references, nesting, refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from psnet.dsc.mof import CompileOptions, Instance, MofRefusal, compile_configuration, parse_mof

if TYPE_CHECKING:
    from psnet.dsc.mof import SchemaSet

PLAIN = {"AllNodes": [{"NodeName": "h", "PSDscAllowPlainTextPassword": True}]}
SECRET = {"$credential": {"username": "admin", "password": "Pa55"}}


def scalar(name: str = "A", depends: Any = None, **properties: Any) -> dict[str, Any]:
    return {
        "type": "OracleScalar",
        "name": name,
        "properties": {"Name": name, **properties},
        "depends_on": depends,
    }


def nested(name: str = "N", **properties: Any) -> dict[str, Any]:
    return {"type": "OracleNested", "name": name, "properties": {"Name": name, **properties}}


def array(**properties: Any) -> dict[str, Any]:
    return {"type": "OracleArray", "name": "A", "properties": {"Name": "a", **properties}}


def leaf(**properties: Any) -> dict[str, Any]:
    return {"$instance": "Oracle_Leaf", "properties": properties}


def branch(title: str, **properties: Any) -> dict[str, Any]:
    return {"$instance": "Oracle_Branch", "properties": {"Title": title, "Weight": 1, **properties}}


def site(*resources: dict[str, Any], data: Any = None, **around: Any) -> dict[str, Any]:
    inner = {
        "name": "Site",
        "configuration_data": data,
        "nodes": [{"node": "h", "resources": list(resources)}],
    }
    return {"configuration": inner, **around}


def lcm(*resources: dict[str, Any]) -> dict[str, Any]:
    return {
        "document": "meta",
        "configuration": {"name": "Lcm", "nodes": [{"node": "h", "resources": list(resources)}]},
    }


def settings(**properties: Any) -> dict[str, Any]:
    return {"type": "Settings", "name": None, "properties": properties}


def meta(kind: str, name: str, depends: Any = None, **properties: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "properties": properties, "depends_on": depends}


def written(config: dict[str, Any], schemas: SchemaSet, **options: Any) -> list[Instance]:
    (document,) = compile_configuration(config, schemas, CompileOptions(**options)).documents
    return parse_mof(document.encode())


def refusal(config: dict[str, Any], schemas: SchemaSet) -> str:
    with pytest.raises(MofRefusal) as caught:
        compile_configuration(config, schemas)
    return caught.value.refusal_id


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
        ("Text", "OMI_ConfigurationDocument PsDscRunAsCredential", "string", "OMI_ConfigurationDocument PsDscRunAsCredential"),
        ("When", "2024-02-29", "string", "20240229000000.000000+000"),
        ("When", "02/29/2024 1:02 PM", "string", "20240229130200.000000+000"),
        ("When", "Thu, 29 Feb 2024 12:34:56 GMT", "string", "20240229123456.000000+000"),
        ("When", 0, "string", "00010101000000.000000+000"),
    ],
)  # fmt: skip
def test_a_value_is_converted_as_powershell_converts_it(
    name: str, given: Any, kind: str, value: Any, schemas: SchemaSet
) -> None:
    found = written(site(scalar(**{name: given})), schemas)[0].get(name)
    assert found is not None
    assert (found.kind, found.value) == (kind, value)


@pytest.mark.parametrize(
    ("resource", "error_id"),
    [
        *[
            (scalar(**{name: value}), "InvalidMOFDefinition")
            for name, value in [
                ("U8", 256), ("U16", 70000), ("U32", 2**32), ("S8", 128), ("S8", -129), ("S16", 32768),
                ("S32", -(2**31) - 1), ("R32", 1e39), ("R64", float("inf")), ("R64", float("nan")),
                ("Letter", "xy"), ("Letter", ""), ("Letter", "'"), ("Letter", "\\"), ("Letter", "😀"), ("Letter", None),
                ("Letter", True), ("Text", ["a"]), ("Text", []), ("Flag", [True]), ("U16", [1, 2]), ("Text", leaf(Label="x")),
                ("Text", {"$hashtable": {"a": "b"}}), ("U16", {"$powershell": "{ 5 }"}), ("Text", "a\0b"), ("Text", "\ud800"),
            ]
        ],
        *[
            (scalar(**{name: value}), error_id)
            for name, value, error_id in [
                ("U64", -1, "InvalidCastIConvertible"), ("U16", -1, "InvalidCastIConvertible"),
                ("S64", 2**63, "InvalidCastIConvertible"), ("U64", 2**64, "InvalidCastIConvertible"),
                ("S64", 1e19, "InvalidCastIConvertible"), ("S32", "abc", "InvalidCastFromStringToInteger"),
                ("U16", "-1", "InvalidCastFromStringToInteger"), ("U64", "1" * 30, "InvalidCastFromStringToInteger"),
                ("R64", "abc", "InvalidCastFromStringToDoubleOrSingle"),
                ("U16", {"$datetime": "2024-01-01"}, "ConvertToFinalInvalidCastException"),
                ("Flag", "true", "CannotConvertStringToBool"), ("Flag", "", "CannotConvertStringToBool"),
                ("When", None, "ParameterArgumentTransformationError"),
                ("When", True, "ParameterArgumentTransformationError"),
                ("When", "20240229123456.000000+000", "ParameterArgumentTransformationError"),
                ("When", "2024-02-30", "ParameterArgumentTransformationError"),
                ("When", "Fri, 29 Feb 2024 12:34:56 GMT", "ParameterArgumentTransformationError"),
                ("State", "x", "InvalidInstanceProperty"), ("Txet", "x", "InvalidInstanceProperty"),
                ("NAME", "x", "DuplicatePropertyInInstanceDefinition"),
                ("Text", SECRET, "InvalidPathSpecified"),
            ]
        ],
        (array(U8s=[1, 256]), "InvalidMOFDefinition"),
        (array(U64s=[-1]), "InvalidCastIConvertible"),
        (array(S32s=["x"]), "InvalidCastFromStringToInteger"),
        (array(Texts=[["a"], "b"]), "InvalidMOFDefinition"),
        (array(Letters=["x", "yz"]), "InvalidMOFDefinition"),
        (array(Whens=["x"]), "ParameterArgumentTransformationError"),
        (array(Whens=[None]), "ParameterArgumentTransformationError"),
        (array(Texts={"$hashtable": {"a": "b"}}), "InvalidMOFDefinition"),
        (nested(Leaf=branch("t")), "InvalidMOFDefinition"),
        (nested(Leaf=[leaf(Label="x")]), "InvalidMOFDefinition"),
        (nested(Leaf=leaf()), "InvalidMOFDefinition"),
        (nested(Leaves=["x"]), "InvalidMOFDefinition"),
        (nested(Leaves=[None]), "InvalidMOFDefinition"),
        (nested(Leaf=leaf(Protocol="ICMP")), "UnsupportedValueForProperty"),
        (nested(Leaf=leaf(Port=65536)), "InvalidMOFDefinition"),
        (nested(Leaf=leaf(Open="yes")), "CannotConvertStringToBool"),
        (nested(Leaf={"$instance": "Oracle_Leef", "properties": {}}), "MissingEqualsInPropertyAssignmentBlock"),
        (nested(Branch={"$instance": "Oracle_Branch", "properties": {"Title": "t"}}), "MissingValueForMandatoryProperty"),
        (nested(Branches=[branch("t"), branch("T", Weight=2)]), "ConflictingDuplicateResource"),
        (nested(Tag={"$hashtable": {"a": "1", "b": "2"}}), "InvalidMOFDefinition"),
        (nested(Tags=[{"$hashtable": {"a": ["1", "2"]}}]), "InvalidMOFDefinition"),
        (nested(Tags=[{"$hashtable": {"a": "1", "A": "2"}}]), "DuplicateKeyInHashLiteral"),
        ({"type": "OracleScalar", "name": None, "properties": {"Name": "a"}}, "ParameterRequiresArgument"),
        ({"type": "OracleEnum", "name": "E", "properties": {"Name": "a"}}, "MissingValueForMandatoryProperty"),
        ({"type": "OracleEnum", "name": "E", "properties": {"Name": "a", "Mode": None}}, "InvalidValueForProperty"),
        ({"type": "OracleEnum", "name": "E", "properties": {"Name": "a", "Mode": "nat", "Days": ["Mon", "Sun"]}},
         "UnsupportedValueForProperty"),
        ({"type": "OracleEnum", "name": "E", "properties": {"Name": "a", "Mode": "nat", "Days": ["Mon", None]}},
         "InvokeMethodOnNull"),
        ({"type": "OracleMultiKey", "name": "K", "properties": {"Network": "n", "Port": 1, "Protocol": "TCP"}},
         "MissingValueForMandatoryProperty"),
        (scalar("x", "[OracleScalar]x"), "DependsOnLoopDetected"),
        (scalar("x", ["[OracleScalar]"]), "GetBadlyFormedRequiredResourceId"),
        (scalar("x", ["[OracleScalar] y"]), "GetBadlyFormedRequiredResourceId"),
        ({"type": "Settings", "name": None, "properties": {}}, "ResourceNotDefined"),
        ({"type": "OracleSecret", "name": "S", "properties": {"Name": "s", "Credential": "admin"}}, "InvalidMOFDefinition"),
        ({"type": "OracleSecret", "name": "S", "properties": {"Name": "s", "Others": [SECRET]}}, "InvalidPathSpecified"),
        ({"type": "OracleSecret", "name": "S", "properties": {"Name": "s", "Credential": {
            "$instance": "MSFT_Credential", "properties": {"UserName": "u", "Password": "p"}}}}, "InvalidPathSpecified"),
    ],
)  # fmt: skip
def test_what_the_engine_refuses_is_refused_with_its_id(
    resource: dict[str, Any], error_id: str, schemas: SchemaSet
) -> None:
    assert refusal(site(resource), schemas) == error_id


@pytest.mark.parametrize(
    ("resources", "error_id"),
    [
        ([scalar("A", "[OracleScalar]B"), scalar("B", "[OracleScalar]A")], "DependsOnLoopDetected"),
        ([scalar("A"), scalar("a", Name="b")], "DuplicateResourceIdInNodeStatement"),
        ([scalar("A", Name="k", Text=None), scalar("B", Name="k")], "ConflictingDuplicateResource"),
        ([array(Texts=["a", "b"]), {**array(Texts=["a", "b"]), "name": "B"}], "ConflictingDuplicateResource"),
        ([scalar("R0")] + [scalar(f"R{i}", f"[OracleScalar]R{i - 1}") for i in range(1, 1100)][::-1], "DependsOnLinkTooDeep"),
    ],
)  # fmt: skip
def test_resources_that_do_not_go_together_are_refused(
    resources: list[dict[str, Any]], error_id: str, schemas: SchemaSet
) -> None:
    assert refusal(site(*resources), schemas) == error_id


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
        "$Oracle_Leaf1ref", "$Oracle_Leaf2ref", "$Oracle_Branch1ref", "$Oracle_Leaf3ref", "$Oracle_Nested1ref",
        "$Oracle_Scalar1ref", "$Oracle_Leaf4ref", "$Oracle_Nested2ref", None,
    ]  # fmt: skip


def test_hashtables_become_pairs_in_their_order(schemas: SchemaSet) -> None:
    tags = [
        {"$hashtable": {"b": 1, "a": True}},
        {"$instance": "MSFT_KeyValuePair", "properties": {"Key": "c", "Value": None}},
    ]
    found = written(site(nested(Tags=tags, Tag={"$hashtable": {"x": "y"}})), schemas)
    pairs = [
        (item.properties["Key"].value, item.properties["Value"].value)
        for item in found
        if "Pair" in item.class_name
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
def test_an_empty_list_of_instances_is_written_and_null_is_null(
    given: Any, expected: Any, schemas: SchemaSet
) -> None:
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
        "type": "Inner", "name": "I", "depends_on": "[OracleScalar]Z", "run_as": SECRET,
        "expands_to": [scalar("A", Name="a"), scalar("B", "[OracleScalar]A", Name="b"), deep],
    }  # fmt: skip
    config = site(scalar("Z", Name="z"), inner, scalar("Last", "[Inner]I", Name="l"), data=PLAIN)
    found = {
        item.properties["ResourceID"].value: item
        for item in written(config, schemas)
        if item.get("ResourceID")
    }

    def depends(resource_id: str) -> Any:
        value = found[resource_id].get("DependsOn")
        return value.plain() if value else None

    assert depends("[OracleScalar]A::[Inner]I") == ["[OracleScalar]Z"]
    assert depends("[OracleScalar]B::[Inner]I") == ["[OracleScalar]A::[Inner]I", "[OracleScalar]Z"]
    assert depends("[OracleScalar]X::[Deep]D::[Inner]I") == ["[OracleScalar]Z", "[OracleScalar]A::[Inner]I"]
    assert depends("[OracleScalar]Last") == [
        "[OracleScalar]A::[Inner]I", "[OracleScalar]B::[Inner]I", "[OracleScalar]X::[Deep]D::[Inner]I",
    ]  # fmt: skip
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


@pytest.mark.parametrize(
    ("data", "error_id"),
    [
        ({"AllNodes": None}, "ConfiguratonDataAllNodesNeedHashtable"),
        ({"AllNodes": ["h"]}, "ConfiguratonDataAllNodesNeedHashtable"),
        ({"AllNodes": [{"NodeName": ""}]}, "ConfiguratonDataAllNodesNeedHashtable"),
        ({"AllNodes": [{"NodeName": "h"}, {"NodeName": "H"}]}, "DuplicatedNodeInConfigurationData"),
        ({}, "ConfiguratonDataNeedAllNodes"),
    ],
)
def test_configuration_data_is_checked(data: Any, error_id: str, schemas: SchemaSet) -> None:
    assert refusal(site(scalar(), data=data), schemas) == error_id


def test_data_of_the_node_star_fills_in_what_a_node_lacks(schemas: SchemaSet) -> None:
    secret = {"type": "OracleSecret", "name": "S", "properties": {"Name": "s", "Credential": SECRET}}
    data = {"AllNodes": [{"NodeName": "*", "PSDscAllowPlainTextPassword": True}, {"NodeName": "H"}]}
    assert len(written(site(secret, data=data), schemas)) == 3
    data["AllNodes"][1]["psdscallowplaintextpassword"] = False
    assert refusal(site(secret, data=data), schemas) == "InvalidPathSpecified"


@pytest.mark.parametrize(
    "nodes", [[], [{"node": "h", "resources": []}], [{"node": "", "resources": [scalar()]}]]
)
def test_a_configuration_without_resources_writes_nothing(nodes: Any, schemas: SchemaSet) -> None:
    assert compile_configuration({"name": "Site", "nodes": nodes}, schemas).documents == ()


@pytest.mark.parametrize("name", ["../h", "a/b", "a:b", "..", "a?", "x."])
def test_a_node_name_that_is_no_file_name_is_refused(name: str, schemas: SchemaSet) -> None:
    config = {"name": "Site", "nodes": [{"node": name, "resources": [scalar()]}]}
    assert refusal(config, schemas) == "InvalidDeclaration"


def test_a_block_sees_the_resources_of_earlier_blocks_only(schemas: SchemaSet) -> None:
    blocks = [
        {"node": "h", "resources": [scalar("B", "[OracleScalar]A", Name="b")]},
        {"node": "H", "resources": [scalar("A", Name="a")]},
    ]
    assert refusal({"name": "Site", "nodes": blocks}, schemas) == "RequiredResourceNotFound"
    (document,) = compile_configuration({"name": "Site", "nodes": blocks[::-1]}, schemas).documents
    assert document.file == "H.mof"


@pytest.mark.parametrize(
    ("resources", "error_id"),
    [
        ([settings(RefreshFrequencyMins=5)], "ValueNotInRange"),
        ([settings(ConfigurationModeFrequencyMins=44641)], "ValueNotInRange"),
        ([settings(DebugMode=["None", "All"])], "DebugModeShouldHaveOneValue"),
        ([settings(DebugMode="ResourceScriptBreakAll")], "UnsupportedValueForProperty"),
        ([settings(StatusRetentionTimeInDays=2**32)], "InvalidMOFDefinition"),
        ([settings(LCMState="Idle")], "InvalidInstanceProperty"),
        ([settings(), settings()], "InvalidMOFDefinition"),
        ([settings(RefreshMode="Pull"), meta("PartialConfiguration", "P", RefreshMode="Pull")],
         "GetPullModeNeedConfigurationSource"),
        ([settings(RefreshMode="Pull"), meta("PartialConfiguration", "P", RefreshMode="Disabled")],
         "DisabledRefreshModeNotValidForPartialConfig"),
        ([meta("PartialConfiguration", "P", ExclusiveResources=["a b"])], "GetBadlyFormedExclusiveResourceId"),
        ([meta("PartialConfiguration", "P", ExclusiveResources=["M\\A"]),
          meta("PartialConfiguration", "Q", ExclusiveResources=["m\\*"])], "ConflictInExclusiveResources"),
        ([meta("PartialConfiguration", "P", ExclusiveResources=["M\\A"]),
          meta("PartialConfiguration", "Q", ExclusiveResources=["A"])], "ConflictInExclusiveResources"),
        ([meta("PartialConfiguration", "P", "[PartialConfiguration]Q")], "RequiredResourceNotFound"),
        ([meta("ReportServerWeb", "P", ServerURL="u"), meta("ReportServerWeb", "Q", ServerURL="U", CertificateID="c")],
         "ConflictingDuplicateResource"),
        ([meta("ConfigurationRepositoryShare", "P", SourcePath="s", Credential=SECRET)], "InvalidPathSpecified"),
        ([scalar()], "ResourceNotDefined"),
    ],
)  # fmt: skip
def test_meta_configurations_are_refused_as_by_the_engine(
    resources: Any, error_id: str, schemas: SchemaSet
) -> None:
    assert refusal(lcm(*resources), schemas) == error_id


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
        "MSFT_WebResourceManager", "MSFT_FileResourceManager", "MSFT_SignatureValidation", "MSFT_WebReportManager",
        "MSFT_DSCMetaConfiguration", "OMI_ConfigurationDocument",
    ]  # fmt: skip
    assert {name: len(value.value) for name, value in found[4].properties.items()} == {
        "ResourceModuleManagers": 2, "ReportManagers": 1,
    }  # fmt: skip
    assert found[2].properties["SignedItemType"].plain() == ["Configuration"]
    assert found[5].properties["MinimumCompatibleVersion"].value == "2.0.0"


def test_one_newer_setting_raises_the_version_of_every_node(schemas: SchemaSet) -> None:
    nodes = [{"node": f"h{days}", "resources": [settings(**given)]} for days, given in enumerate(
        ({"RefreshMode": "Push"}, {"MaximumDownloadSizeMB": 5}))]  # fmt: skip
    result = compile_configuration({"document": "meta", "name": "Lcm", "nodes": nodes}, schemas)
    versions = [
        document.instances[-1].properties["MinimumCompatibleVersion"].value for document in result.documents
    ]
    assert versions == ["2.0.0", "2.0.0"]


def test_the_same_declaration_gives_the_same_bytes(schemas: SchemaSet) -> None:
    config = site(nested(Tags=[{"$hashtable": {"b": 1, "a": 2}}]), scalar(When={"$datetime": "2024-01-01"}))
    first, second = (
        compile_configuration(json.loads(json.dumps(config)), schemas).documents[0] for _ in range(2)
    )
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


def test_every_problem_is_told_at_once(schemas: SchemaSet) -> None:
    config = site(
        scalar("A", Txt=1, U16=70000),
        {"type": "OracleScaler", "name": "B", "properties": {}},
        scalar("C", ["[OracleScalar]Nope", "[OracleScaler]B"], Name="c", Flag="yes"),
    )
    with pytest.raises(MofRefusal) as caught:
        compile_configuration(config, schemas)
    assert [item.id for item in caught.value.refusals] == [
        "InvalidInstanceProperty", "ResourceNotDefined", "CannotConvertStringToBool", "RequiredResourceNotFound",
        "InvalidMOFDefinition",
    ]  # fmt: skip
    assert caught.value.refusals[0].remedy == "did you mean Text?"
    assert caught.value.refusals[1].remedy == "did you mean OracleScalar?"
