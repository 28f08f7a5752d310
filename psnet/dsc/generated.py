"""What of the module PSNetDsc is generated from the models: schemas, parameter blocks, pages, examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.dsc.pages import example_texts, readme_text
from psnet.dsc.resources import MODULE, module_version, resources
from psnet.dsc.resources.text import schema_text, shared_text, with_parameters

if TYPE_CHECKING:
    from pathlib import Path


def generated_files(folder: Path) -> dict[Path, str]:
    """Return each generated file with the text that it should have."""
    version = module_version(folder)
    made = {folder / "Modules" / f"{MODULE}.Common" / f"{MODULE}.Shared.ps1": shared_text()}
    for cls in resources().values():
        base = folder / "DSCResources" / cls.name
        made[base / f"{cls.name}.schema.mof"] = schema_text(cls, version)
        script = base / f"{cls.name}.psm1"
        made[script] = with_parameters(script.read_text(encoding="utf-8"), cls)
        made[base / "README.md"] = readme_text(cls)
        examples = folder / "Examples" / "Resources" / cls.friendly
        made |= {examples / name: text for name, text in example_texts(cls).items()}
    return made
