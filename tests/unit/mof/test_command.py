"""psnet dsc mof, and schemas in folders."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from mof_oracle import oracle_path
from typer.testing import CliRunner

from psnet.cli.dsc_mof import app
from psnet.errors import InputError
from psnet.mof import ModuleRule, load_schemas, parse_mof

if TYPE_CHECKING:
    from pathlib import Path

SITE = """\
modules: {OracleDsc: 1.2.0, OracleExtra: {version: 3.0, resources: [Extra_Thing]}}
configuration:
  name: Site
  nodes:
    - node: [h1, h2]
      resources:
        - type: OracleScalar
          name: A
          properties: {Name: a, U16: 80}
        - {type: ExtraThing, name: E, properties: {Name: e}, depends_on: '[OracleScalar]A'}
"""
NODE = "name: S\nnodes:\n- node: h\n  resources: "
SCHEMA = '[ClassVersion("2.5.0"), FriendlyName("Thing")] class My_Thing : OMI_BaseResource { [Key] string Name; };'


def run(tmp_path: Path, text: str, *options: str, schemas: Path | None = None) -> tuple[int, str]:
    (tmp_path / "site.yaml").write_text(text, encoding="utf-8")
    folder = schemas or oracle_path("mof/schemas")
    arguments = [
        "mof",
        str(tmp_path / "site.yaml"),
        "--schemas",
        str(folder),
        "--out",
        str(tmp_path / "out"),
        *options,
    ]
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.output


def test_it_writes_a_document_a_node(tmp_path: Path) -> None:
    code, output = run(tmp_path, SITE)
    assert code == 0
    assert "h1.mof" in output
    data = (tmp_path / "out" / "h2.mof").read_bytes()
    assert data.startswith(b"\xff\xfe")
    scalar, thing, footer = parse_mof(data)
    assert scalar.properties["SourceInfo"].value == f"{tmp_path / 'site.yaml'}::7::11::OracleScalar"
    assert thing.properties["ModuleVersion"].value == "3.0"
    assert footer.properties["Author"].value


def test_without_volatile_fields_the_bytes_are_the_same_every_time(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        run(
            tmp_path,
            SITE,
            "--no-volatile",
            "--encoding",
            "utf-8",
            "--author",
            "me",
            "--out",
            str(tmp_path / name),
        )
        found.append((tmp_path / name / "h1.mof").read_bytes())
    assert found[0] == found[1]
    assert b"@GeneratedBy=me" in found[0]


def test_checksums_are_written_beside_the_documents_when_asked_for(tmp_path: Path) -> None:
    assert run(tmp_path, SITE, "--checksum")[0] == 0
    out = tmp_path / "out"
    assert {item.name for item in out.iterdir()} == {"h1.mof", "h2.mof", "h1.mof.checksum", "h2.mof.checksum"}
    digest = hashlib.sha256((out / "h1.mof").read_bytes()).hexdigest().upper()
    assert (out / "h1.mof.checksum").read_bytes() == digest.encode("ascii")
    assert "h1.mof.checksum is of an earlier document" in run(tmp_path, SITE)[1]


def test_a_meta_configuration_needs_no_schemas(tmp_path: Path) -> None:
    nodes = "[{node: h, resources: [{type: Settings, properties: {RefreshMode: Push}}]}]"
    text = f"document: meta\nname: Lcm\nnodes: {nodes}\n"
    (tmp_path / "lcm.yaml").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["mof", str(tmp_path / "lcm.yaml"), "--out", str(tmp_path)])
    assert result.exit_code == 0
    assert (tmp_path / "h.meta.mof").is_file()


def test_a_refusal_shows_id_place_and_remedy_and_writes_nothing(tmp_path: Path) -> None:
    code, output = run(tmp_path, SITE.replace("U16: 80", "U15: 80").replace("ExtraThing", "ExtraThng"))
    assert code == 3
    assert "site.yaml:9:33: InvalidInstanceProperty" in output
    assert "remedy: did you mean U16?" in output
    assert "site.yaml:10:12: ResourceNotDefined" in output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("- a", "no mapping"),
        ("name: [", "not valid YAML"),
        ("name: Site\nnods: []\n", "did you mean nodes?"),
        ("name: My Site\nnodes: []\n", "InvalidConfigurationName"),
        ("name: S\ntimezone: Moon/Base\nnodes: []\n", "time zone"),
        (NODE + "[{type: OracleScalar, name: A, properties: {Name: {x: 1}}}]\n", "$hashtable"),
        (NODE + "[5, {type: 5}, {type: X, expands_to: 7}]\n", "InvalidDeclaration"),
        ("name: S\nnodes: 5\n", "a list of blocks"),
        ("name: S\nnodes: [5]\n", "a mapping with node, resources"),
        ("name: S\nimports: [OracleDsk]\nmodules: {OracleDsc: 1.2.0}\nnodes: []\n", "mean OracleDsc?"),
        ("name: S\nmodules: {OracleDsc: x}\nnodes: []\n", "no module version"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_configuration_is_explained(text: str, part: str, tmp_path: Path) -> None:
    code, output = run(tmp_path, text)
    assert code == 3
    assert part in output


def test_the_module_is_named_by_its_manifest_by_an_option_or_by_the_folder(tmp_path: Path) -> None:
    module = tmp_path / "mods" / "MyDsc" / "1.4.0"
    (module / "DSCResources" / "My_Thing").mkdir(parents=True)
    (module / "DSCResources" / "My_Thing" / "My_Thing.schema.mof").write_text(SCHEMA, encoding="utf-16")
    assert load_schemas(tmp_path / "mods").modules["my_thing"].version == "2.5.0"
    (module / "MyDsc.psd1").write_text("@{\n  ModuleVersion = '1.4.0'\n}\n", encoding="utf-8")
    found = load_schemas(tmp_path / "mods").modules["my_thing"]
    assert (found.name, found.version) == ("MyDsc", "1.4.0")
    for inner in (module, module / "DSCResources", module / "DSCResources" / "My_Thing"):
        assert load_schemas(inner).modules["my_thing"] == found
    loose = tmp_path / "loose"
    loose.mkdir()
    (loose / "My_Thing.schema.mof").write_text(SCHEMA, encoding="utf-8")
    named = load_schemas(loose, [ModuleRule("Other", "3.0", frozenset({"thing"}))]).keywords["thing"]
    assert (named.module, named.module_version) == ("Other", "3.0")
    text = "name: S\nnodes: [{node: h, resources: [{type: Thing, name: T, properties: {Name: t}}]}]\n"
    code, output = run(tmp_path, text, "--module", "MyDsc=1.2.3", schemas=loose)
    assert (code, "warning" in output) == (0, False)
    assert parse_mof((tmp_path / "out" / "h.mof").read_bytes())[0].properties["ModuleVersion"].value == "1.2.3"
    code, output = run(tmp_path, text, schemas=loose)
    assert (code, "loose is the folder's name" in output) == (0, True)
    assert run(tmp_path, text, "--module", "MyDsc", schemas=loose)[0] == 3


def test_every_error_in_the_schemas_is_told(tmp_path: Path) -> None:
    (tmp_path / "A.schema.mof").write_text(
        'class A : Nowhere { [EmbeddedInstance("Gone")] string X; };', encoding="utf-8"
    )
    (tmp_path / "B.schema.mof").write_text("class B { strin X; };", encoding="utf-8")
    (tmp_path / "C.schema.mof").write_text("class a { };\nclass MSFT_Credential { };", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_schemas(tmp_path)
    assert len(caught.value.problems) == 5
    with pytest.raises(InputError, match="no folder"):
        load_schemas(tmp_path / "gone")
