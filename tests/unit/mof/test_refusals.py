"""What is refused, and with which id, beside the recorded cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from mof_build import (
    SECRET,
    array,
    branch,
    lcm,
    leaf,
    meta,
    nested,
    refusal,
    scalar,
    settings,
    site,
)

from psnet.mof import MofRefusal, compile_configuration

if TYPE_CHECKING:
    from psnet.mof import SchemaSet


@pytest.mark.parametrize(
    ("resource", "error_id"),
    [
        *[
            (scalar(**{name: value}), "InvalidMOFDefinition")
            for name, value in [
                ("U8", 256),
                ("U16", 70000),
                ("U32", 2**32),
                ("S8", 128),
                ("S8", -129),
                ("S16", 32768),
                ("S32", -(2**31) - 1),
                ("R32", 1e39),
                ("R64", float("inf")),
                ("R64", float("nan")),
                ("Letter", "xy"),
                ("Letter", ""),
                ("Letter", "'"),
                ("Letter", "\\"),
                ("Letter", "😀"),
                ("Letter", None),
                ("Letter", True),
                ("Text", ["a"]),
                ("Text", []),
                ("Flag", [True]),
                ("U16", [1, 2]),
                ("Text", leaf(Label="x")),
                ("Text", {"$hashtable": {"a": "b"}}),
                ("U16", {"$powershell": "{ 5 }"}),
                ("Text", "a\0b"),
                ("Text", "\ud800"),
            ]
        ],
        *[
            (scalar(**{name: value}), error_id)
            for name, value, error_id in [
                ("U64", -1, "InvalidCastIConvertible"),
                ("U16", -1, "InvalidCastIConvertible"),
                ("S64", 2**63, "InvalidCastIConvertible"),
                ("U64", 2**64, "InvalidCastIConvertible"),
                ("S64", 1e19, "InvalidCastIConvertible"),
                ("S32", "abc", "InvalidCastFromStringToInteger"),
                ("U16", "-1", "InvalidCastFromStringToInteger"),
                ("U64", "1" * 30, "InvalidCastFromStringToInteger"),
                ("R64", "abc", "InvalidCastFromStringToDoubleOrSingle"),
                ("U16", {"$datetime": "2024-01-01"}, "ConvertToFinalInvalidCastException"),
                ("Flag", "true", "CannotConvertStringToBool"),
                ("Flag", "", "CannotConvertStringToBool"),
                ("When", None, "ParameterArgumentTransformationError"),
                ("When", True, "ParameterArgumentTransformationError"),
                ("When", "20240229123456.000000+000", "ParameterArgumentTransformationError"),
                ("When", "2024-02-30", "ParameterArgumentTransformationError"),
                ("When", "Fri, 29 Feb 2024 12:34:56 GMT", "ParameterArgumentTransformationError"),
                ("State", "x", "InvalidInstanceProperty"),
                ("Txet", "x", "InvalidInstanceProperty"),
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
        (
            nested(Leaf={"$instance": "Oracle_Leef", "properties": {}}),
            "MissingEqualsInPropertyAssignmentBlock",
        ),
        (
            nested(Branch={"$instance": "Oracle_Branch", "properties": {"Title": "t"}}),
            "MissingValueForMandatoryProperty",
        ),
        (nested(Branches=[branch("t"), branch("T", Weight=2)]), "ConflictingDuplicateResource"),
        (nested(Tag={"$hashtable": {"a": "1", "b": "2"}}), "InvalidMOFDefinition"),
        (nested(Tags=[{"$hashtable": {"a": ["1", "2"]}}]), "InvalidMOFDefinition"),
        (nested(Tags=[{"$hashtable": {"a": "1", "A": "2"}}]), "DuplicateKeyInHashLiteral"),
        ({"type": "OracleScalar", "name": None, "properties": {"Name": "a"}}, "ParameterRequiresArgument"),
        (
            {"type": "OracleEnum", "name": "E", "properties": {"Name": "a"}},
            "MissingValueForMandatoryProperty",
        ),
        (
            {"type": "OracleEnum", "name": "E", "properties": {"Name": "a", "Mode": None}},
            "InvalidValueForProperty",
        ),
        (
            {
                "type": "OracleEnum",
                "name": "E",
                "properties": {"Name": "a", "Mode": "nat", "Days": ["Mon", "Sun"]},
            },
            "UnsupportedValueForProperty",
        ),
        (
            {
                "type": "OracleEnum",
                "name": "E",
                "properties": {"Name": "a", "Mode": "nat", "Days": ["Mon", None]},
            },
            "InvokeMethodOnNull",
        ),
        (
            {
                "type": "OracleMultiKey",
                "name": "K",
                "properties": {"Network": "n", "Port": 1, "Protocol": "TCP"},
            },
            "MissingValueForMandatoryProperty",
        ),
        (scalar("x", "[OracleScalar]x"), "DependsOnLoopDetected"),
        (scalar("x", ["[OracleScalar]"]), "GetBadlyFormedRequiredResourceId"),
        (scalar("x", ["[OracleScalar] y"]), "GetBadlyFormedRequiredResourceId"),
        ({"type": "Settings", "name": None, "properties": {}}, "ResourceNotDefined"),
        (
            {"type": "OracleSecret", "name": "S", "properties": {"Name": "s", "Credential": "admin"}},
            "InvalidMOFDefinition",
        ),
        (
            {"type": "OracleSecret", "name": "S", "properties": {"Name": "s", "Others": [SECRET]}},
            "InvalidPathSpecified",
        ),
        (
            {
                "type": "OracleSecret",
                "name": "S",
                "properties": {
                    "Name": "s",
                    "Credential": {
                        "$instance": "MSFT_Credential",
                        "properties": {"UserName": "u", "Password": "p"},
                    },
                },
            },
            "InvalidPathSpecified",
        ),
    ],
)
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
        (
            [scalar("R0"), *[scalar(f"R{i}", f"[OracleScalar]R{i - 1}") for i in range(1, 1100)][::-1]],
            "DependsOnLinkTooDeep",
        ),
    ],
)
def test_resources_that_do_not_go_together_are_refused(
    resources: list[dict[str, Any]], error_id: str, schemas: SchemaSet
) -> None:
    assert refusal(site(*resources), schemas) == error_id


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


@pytest.mark.parametrize("name", ["../h", "a/b", "a:b", "..", "a?", "x."])
def test_a_node_name_that_is_no_file_name_is_refused(name: str, schemas: SchemaSet) -> None:
    config = {"name": "Site", "nodes": [{"node": name, "resources": [scalar()]}]}
    assert refusal(config, schemas) == "InvalidDeclaration"


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
        (
            [settings(RefreshMode="Pull"), meta("PartialConfiguration", "P", RefreshMode="Pull")],
            "GetPullModeNeedConfigurationSource",
        ),
        (
            [settings(RefreshMode="Pull"), meta("PartialConfiguration", "P", RefreshMode="Disabled")],
            "DisabledRefreshModeNotValidForPartialConfig",
        ),
        (
            [meta("PartialConfiguration", "P", ExclusiveResources=["a b"])],
            "GetBadlyFormedExclusiveResourceId",
        ),
        (
            [
                meta("PartialConfiguration", "P", ExclusiveResources=["M\\A"]),
                meta("PartialConfiguration", "Q", ExclusiveResources=["m\\*"]),
            ],
            "ConflictInExclusiveResources",
        ),
        (
            [
                meta("PartialConfiguration", "P", ExclusiveResources=["M\\A"]),
                meta("PartialConfiguration", "Q", ExclusiveResources=["A"]),
            ],
            "ConflictInExclusiveResources",
        ),
        ([meta("PartialConfiguration", "P", "[PartialConfiguration]Q")], "RequiredResourceNotFound"),
        (
            [
                meta("ReportServerWeb", "P", ServerURL="u"),
                meta("ReportServerWeb", "Q", ServerURL="U", CertificateID="c"),
            ],
            "ConflictingDuplicateResource",
        ),
        (
            [meta("ConfigurationRepositoryShare", "P", SourcePath="s", Credential=SECRET)],
            "InvalidPathSpecified",
        ),
        ([scalar()], "ResourceNotDefined"),
    ],
)
def test_meta_configurations_are_refused_as_by_the_engine(resources: Any, error_id: str, schemas: SchemaSet) -> None:
    assert refusal(lcm(*resources), schemas) == error_id


def test_every_problem_is_told_at_once(schemas: SchemaSet) -> None:
    config = site(
        scalar("A", Txt=1, U16=70000),
        {"type": "OracleScaler", "name": "B", "properties": {}},
        scalar("C", ["[OracleScalar]Nope", "[OracleScaler]B"], Name="c", Flag="yes"),
    )
    with pytest.raises(MofRefusal) as caught:
        compile_configuration(config, schemas)
    assert [item.id for item in caught.value.refusals] == [
        "InvalidInstanceProperty",
        "ResourceNotDefined",
        "CannotConvertStringToBool",
        "RequiredResourceNotFound",
        "InvalidMOFDefinition",
    ]
    assert caught.value.refusals[0].remedy == "did you mean Text?"
    assert caught.value.refusals[1].remedy == "did you mean OracleScalar?"
