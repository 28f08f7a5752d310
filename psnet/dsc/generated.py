"""What of the module PSNetDsc is generated from the models: schemas, parameters, help, pages, examples, its version."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from psnet.dsc.adapted import adapted_file, adapted_text
from psnet.dsc.examples import example_texts
from psnet.dsc.pages import NOTES, about_text, readme_text
from psnet.dsc.resources import MODULE, module_version, resources
from psnet.dsc.resources.generated_text import SCHEMA_VERSION, schema_text, shared_text, with_parameters
from psnet.dsc.resources.help import with_help

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_VERSION: Final = re.compile(r"(?<=ModuleVersion = ')(\d+)\.(\d+)\.(\d+)(?=')")
_CONTENT: Final = re.compile(r"(?<=Content = ')[0-9a-f]*(?=')")
_ADAPTED: Final = ".dsc.adaptedResource.json"


def generated_files(folder: Path) -> dict[Path, str]:
    """Return each generated file with the text that it should have; the manifest's version follows their content.

    The manifest keeps a hash of the module's content (PrivateData.PSNet.Content). Where the content is another one, the
    last number of ModuleVersion is raised by one: a version is never two contents, and hosts and pull servers tell them
    apart.
    """
    made = {folder / "Modules" / f"{MODULE}.Common" / f"{MODULE}.Shared.ps1": with_help(shared_text())}
    for path in sorted((folder / "Modules" / f"{MODULE}.Common").glob("*.ps*1")):
        if path not in made:
            made[path] = with_help(path.read_text(encoding="utf-8"))
    for cls in resources().values():
        base = folder / "DSCResources" / cls.name
        made[base / f"{cls.name}.schema.mof"] = schema_text(cls, SCHEMA_VERSION)
        script = base / f"{cls.name}.psm1"
        made[script] = with_help(with_parameters(script.read_text(encoding="utf-8"), cls), cls, NOTES[cls.kind])
        made[base / "README.md"] = readme_text(cls)
        made[base / "en-US" / f"about_{cls.friendly}.help.txt"] = about_text(cls)
        examples = folder / "Examples" / "Resources" / cls.friendly
        made |= {examples / name: text for name, text in example_texts(cls).items()}
    return made | _versioned(folder, made)


def _versioned(folder: Path, made: Mapping[Path, str]) -> dict[Path, str]:
    manifest = folder / f"{MODULE}.psd1"
    text = manifest.read_text(encoding="utf-8")
    unversioned = {folder / adapted_file(cls): adapted_text(cls, "0") for cls in resources().values()}
    content = content_of(folder, {**made, **unversioned})
    if _CONTENT.findall(text) != [content]:
        text = _CONTENT.sub(content, _VERSION.sub(lambda found: f"{found[1]}.{found[2]}.{int(found[3]) + 1}", text, 1))
    found = _VERSION.search(text)
    version = found[0] if found is not None else module_version(folder)
    adapted = {folder / adapted_file(cls): adapted_text(cls, version) for cls in resources().values()}
    return {manifest: text} | adapted


def content_of(folder: Path, made: Mapping[Path, str] | None = None) -> str:
    """Return SHA-256 of a module's files, as they are on the disk or as they are about to be written.

    What only tells the version (the manifest's two lines, the adapted resources' one) is left out.
    """
    texts = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()} | dict(made or {})
    digest = hashlib.sha256()
    for path, text in sorted(texts.items()):
        name = path.relative_to(folder).as_posix()
        if name == f"{MODULE}.psd1":
            kept = _CONTENT.sub("", _VERSION.sub("", text))
        elif name.endswith(_ADAPTED):
            kept = re.sub(r'"version": "[^"]*"', "", text)
        else:
            kept = text
        digest.update(f"{name}\0{len(kept)}\0{kept}".encode())
    return digest.hexdigest()
