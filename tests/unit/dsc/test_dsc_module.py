"""What is generated in dsc/PSNetDsc is what the models and the templates say."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from psnet.dsc.adapted import SCHEMA, adapted_file
from psnet.dsc.generated import content_of, generated_files
from psnet.dsc.resources import DscClass, module_folder, module_version, resources
from psnet.mof import load_schemas
from psnet.powershell.syntax import ast, parse

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = module_folder()
SCRIPTS = [path for path in sorted(FOLDER.rglob("*.ps*1")) if path.suffix != ".psd1" and "Examples" not in path.parts]


def test_generated_files_are_as_their_models_say() -> None:
    made = generated_files(FOLDER)
    assert made
    other = [str(path) for path, text in made.items() if path.read_text(encoding="utf-8") != text]
    assert other == [], "run python tools/dsc_schemas.py"


@pytest.mark.parametrize("cls", resources().values(), ids=lambda cls: cls.friendly)
def test_a_schema_says_what_its_model_says(cls: DscClass) -> None:
    keyword = load_schemas(FOLDER).keyword(cls.friendly)
    assert keyword is not None
    assert (keyword.class_name, keyword.module, keyword.module_version) == (cls.name, "PSNetDsc", module_version())
    for item in cls.settable:
        found = keyword.properties[item.name.lower()]
        assert (found.name, found.type, found.is_array) == (item.name, item.type, item.is_array)
        assert found.is_key == (item.qualifier == "Key")
        assert tuple(found.values) == item.values


def test_the_manifest_exports_every_resource_and_nothing_else() -> None:
    text = (FOLDER / "PSNetDsc.psd1").read_text(encoding="utf-8")
    listed = re.findall(r"'(PSNet\w+)'", text[text.index("DscResourcesToExport") : text.index("PrivateData")])
    assert sorted(listed) == sorted(cls.friendly for cls in resources().values())
    assert text.count("ToExport = @()") == 4
    for field in ("LicenseUri", "ProjectUri", "ReleaseNotes", "Prerelease", "Tags"):
        assert re.search(rf"^            {field} = ", text, re.MULTILINE), field
    assert "CompatiblePSEditions = @('Desktop', 'Core')" in text
    major, minor, _ = module_version().split(".")
    assert f"## [{major}.{minor}]" in (FOLDER / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_version_is_raised_by_every_other_content_and_by_nothing_else(tmp_path: Path) -> None:
    copy = tmp_path / "PSNetDsc"
    shutil.copytree(FOLDER, copy)
    manifest = copy / "PSNetDsc.psd1"
    assert content_of(copy) in manifest.read_text(encoding="utf-8")
    assert generated_files(copy)[manifest] == manifest.read_text(encoding="utf-8")
    change = copy / "CHANGELOG.md"
    change.write_text(change.read_text(encoding="utf-8") + "- More.\n", encoding="utf-8")
    made = generated_files(copy)
    *rest, last = module_version().split(".")
    higher = ".".join([*rest, str(int(last) + 1)])
    assert f"ModuleVersion = '{higher}'" in made[manifest]
    for cls in resources().values():
        assert json.loads(made[copy / adapted_file(cls)])["version"] == higher
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
    assert generated_files(copy)[manifest] == made[manifest], "once is enough"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_every_function_has_help_for_all_its_parameters(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = parse(text)
    assert tree.end_block is not None
    functions = [item for item in tree.end_block.statements if isinstance(item, ast.FunctionDefinition)]
    assert functions or path.stem.endswith(".Common")
    for function in functions:
        before = text[: function.start].rstrip()
        assert before.endswith("#>"), function.name
        told = before[before.rindex("<#") :]
        assert re.search(r"\.SYNOPSIS\n {8}\S", told), function.name
        block = function.body.param if function.body is not None else None
        names = [item.variable.path for item in (block.parameters if block is not None else ()) if item.variable]
        assert re.findall(r"^    \.PARAMETER (\w+)\n {8}\S", told, re.MULTILINE) == names, function.name


@pytest.mark.parametrize("cls", resources().values(), ids=lambda cls: cls.friendly)
def test_every_resource_has_its_strings_all_of_them_used(cls: DscClass) -> None:
    folder = FOLDER / "DSCResources" / cls.name
    told = (folder / "en-US" / f"{cls.name}.strings.psd1").read_text(encoding="utf-8")
    keys = set(re.findall(r"^    (\w+) = \S", told, re.MULTILINE))
    used = set(re.findall(r"\$script:strings\.(\w+)", (folder / f"{cls.name}.psm1").read_text(encoding="utf-8")))
    assert keys == used
    assert (folder / "en-US" / f"about_{cls.friendly}.help.txt").is_file()


@pytest.mark.parametrize("cls", resources().values(), ids=lambda cls: cls.friendly)
def test_an_adapted_resource_manifest_has_what_dsc_reads_and_nothing_else(cls: DscClass) -> None:
    """DSC refuses unknown fields (source: PowerShell/DSC, AdaptedDscResourceManifest: deny_unknown_fields)."""
    data = json.loads((FOLDER / adapted_file(cls)).read_text(encoding="utf-8"))
    required = {"$schema", "type", "kind", "version", "capabilities", "path", "requireAdapter", "schema"}
    assert data.keys() == required | {"description", "author"}
    assert (data["$schema"], data["type"], data["version"]) == (SCHEMA, f"PSNetDsc/{cls.friendly}", module_version())
    assert (FOLDER / data["path"]).is_file()
    schema = data["schema"]["embedded"]
    assert set(schema["required"]) == {item.name for item in cls.properties if item.qualifier in ("Key", "Required")}
    assert schema["properties"].keys() == {item.name for item in cls.properties}
    types = {name: item["type"] for name, item in schema["properties"].items()}
    words = {"string": "string", "boolean": "boolean", "uint32": "integer", "uint64": "integer"}
    assert types == {item.name: "array" if item.is_array else words[item.type] for item in cls.properties}
