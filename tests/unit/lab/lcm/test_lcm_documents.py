"""Documents that the Local Configuration Manager refuses before anything runs."""

from __future__ import annotations

import pytest
from dsc_lab import FOOTER, document, lab_host, setting, simple

from psnet.lab.host.refusal import HostRefusal
from psnet.lab.lcm.document import parse_document

PAIR = 'instance of MSFT_KeyValuePair as $P1 { Key = "k"; Value = "v"; };\n'
META = 'instance of MSFT_DSCMetaConfiguration as $M1 { RefreshMode = "Push"; };\n'


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "NoDocumentInstance"),
        (b"nonsense", "InvalidMof"),
        (simple("a").decode("utf-16").encode("utf-16-le"), "InvalidMof"),
        (document(setting("a"), footer=""), "NoDocumentInstance"),
        (document(FOOTER, setting("a"), footer=""), "NoDocumentInstance"),
        (document(setting("a"), footer=FOOTER + FOOTER), "NoDocumentInstance"),
        (document(), "NoResources"),
        (document(setting("a"), footer=FOOTER.replace('"2.0.0"', '"3.0.0"')), "InvalidVersion"),
        (document(setting("a"), footer=FOOTER.replace('"1.0.0"', '"3.0.0"')), "InvalidVersion"),
        (document(setting("a"), footer=FOOTER.replace(' Version="2.0.0";', "")), "InvalidVersion"),
        (document(setting("a"), setting("A", alias=2)), "DuplicateResourceId"),
        (document(setting("a"), setting("b", alias=1)), "InvalidMof"),
        (document(setting("a", depends=["b"])), "DependencyNotFound"),
        (document(setting("a", depends=["a"])), "DependencyCycle"),
        (document(setting("a", depends=["b"]), setting("b", alias=2, depends=["a"])), "DependencyCycle"),
        (document(setting("a").replace("[LabSetting]a", "LabSetting-a")), "InvalidResourceId"),
        (document(setting("a").replace(' ModuleName = "LabDemo";', "")), "RequiredPropertyMissing"),
        (document(setting("a").replace('ModuleVersion = "1.2.0"', 'ModuleVersion = "new"')), "InvalidModuleVersion"),
        (document(setting("a", more=' DependsOn = "[LabSetting]b";')), "InvalidDependsOn"),
        (document(PAIR, setting("a")), "ResourceIdMissing"),
        (document(META, setting("a")), "MetaConfigurationMixed"),
    ],
)
def test_documents_that_cannot_be_read(data: bytes, name: str) -> None:
    with pytest.raises(HostRefusal) as refused:
        parse_document(data)
    assert refused.value.error_id == f"Lab.{name}"


@pytest.mark.parametrize(
    ("more", "name"),
    [
        (' Colour = "red";', "UndefinedProperty"),
        (" Length = 3;", "ReadOnlyProperty"),
        (' Ensure = "Perhaps";', "ValueNotInMap"),
        (" Ensure = True;", "TypeMismatch"),
        (" Ports = 80;", "TypeMismatch"),
        (" Ports = {65536};", "TypeMismatch"),
        (' Ports = {"80"};', "TypeMismatch"),
        (' Mood = {"Throw"};', "TypeMismatch"),
        (" Pairs = {$C1};", "TypeMismatch"),
        (' Account = "me";', "TypeMismatch"),
        (' PsDscRunAsCredential = "me";', "TypeMismatch"),
    ],
)
def test_values_that_do_not_fit_the_schema(more: str, name: str) -> None:
    credential = 'instance of MSFT_Credential as $C1 { UserName = "u"; Password = "p"; };\n'
    host = lab_host()
    with pytest.raises(HostRefusal) as refused:
        host.lcm.send_apply(document(credential, setting("a", more=more + " Pairs = {$C1};" * ("$C1" not in more))))
    assert refused.value.error_id == f"Lab.{name}"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (('Value = "on"', "Value = NULL"), "RequiredPropertyMissing"),
        (('Value = "on";', ""), "RequiredPropertyMissing"),
        (("instance of Lab_Setting", "instance of Lab_Other"), "DscResourceNotFound"),
        (('"LabDemo"', '"LabOther"'), "DscResourceNotFound"),
        (('"1.2.0"', '"1.2.1"'), "DscResourceNotFound"),
    ],
)
def test_resources_that_the_host_does_not_have(change: tuple[str, str], name: str) -> None:
    with pytest.raises(HostRefusal) as refused:
        lab_host().lcm.send_apply(document(setting("a").replace(*change)))
    assert refused.value.error_id == f"Lab.{name}"


def test_two_resources_with_the_same_keys_are_refused_before_anything_runs() -> None:
    host = lab_host()
    twin = setting("b", alias=2).replace('Name = "b"', 'Name = "A"')
    with pytest.raises(HostRefusal) as refused:
        host.lcm.send_apply(document(setting("a"), twin))
    assert refused.value.error_id == "Lab.DuplicateKeys"
    assert host.files.find("C:\\LabState") is None


def test_dependencies_come_first_and_the_rest_keeps_its_order() -> None:
    text = document(
        setting("d", depends=["b", "c"]),
        setting("a", alias=2),
        setting("c", alias=3, depends=["a"]),
        setting("b", alias=4),
    )
    found = parse_document(text)
    assert [found.items[index].instance_name for index in found.order] == ["b", "a", "c", "d"]
