"""What is generated in dsc/PSNetDsc is what the models and the templates say."""

from __future__ import annotations

import re

import pytest

from psnet.dsc.generated import generated_files
from psnet.dsc.resources import DscClass, module_folder, module_version, resources
from psnet.mof import load_schemas

FOLDER = module_folder()


@pytest.mark.parametrize(
    ("path", "text"), [(path, text) for path, text in generated_files(FOLDER).items()], ids=lambda item: str(item)[-40:]
)
def test_a_generated_file_is_as_its_model_says(path: object, text: str) -> None:
    from pathlib import Path

    assert Path(str(path)).read_text(encoding="utf-8") == text, "run python tools/dsc_schemas.py"


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
