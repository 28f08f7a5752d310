"""The resource classes a compiler knows: read from .schema.mof files, with the module each belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from psnet._internal.text_files import read_data
from psnet._internal.yaml import nearest
from psnet.errors import InputError, Problem
from psnet.mof.keyword import ENGINE_MODULE, Keyword, build_keyword
from psnet.mof.lexer import decode
from psnet.mof.parser import parse_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from psnet.mof.model import ClassDeclaration

_VERSION = re.compile(r"""^\s*ModuleVersion\s*=\s*(['"])([0-9]+(?:\.[0-9]+){1,3})\1""", re.IGNORECASE | re.MULTILINE)
_LEVELS_UP = 5  # <Module>/<version>/DSCResources/<Class>/<Class>.schema.mof


@dataclass(frozen=True, slots=True)
class Module:
    """A PowerShell module and its version; ``guessed`` when no manifest and nobody named it."""

    name: str
    version: str
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class ModuleRule:
    """What a user says about modules: this version, for these classes (all others when empty)."""

    name: str
    version: str
    classes: frozenset[str] = frozenset()  # class or friendly names in lower case


@dataclass(slots=True)
class SchemaSet:
    """Classes by lower-case name, with module, and the keywords made of them."""

    classes: dict[str, ClassDeclaration] = field(default_factory=dict)
    modules: dict[str, Module] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    keywords: dict[str, Keyword] = field(default_factory=dict)
    namesakes: dict[str, list[Keyword]] = field(default_factory=dict)  # names that several modules have

    def keyword(self, name: str) -> Keyword | None:
        """Return a keyword by its name in any letter case."""
        return self.keywords.get(name.lower())

    def nearest(self, name: str) -> str | None:
        """Return the resource name most like a misspelt one."""
        return nearest(name, [keyword.name for keyword in self.keywords.values() if keyword.needs_name])

    def with_modules(self, rules: Iterable[ModuleRule]) -> SchemaSet:
        """Return the same classes with the modules that a user names."""
        rules = list(rules)
        if not rules:
            return self
        changed = SchemaSet(self.classes, dict(self.modules), self.files)
        for lower, declared in self.classes.items():
            friendly = declared.qualifiers.get("friendlyname")
            names = {lower, str(friendly.value.value).lower() if friendly else lower}
            module = self.modules[lower]
            listed = [rule for rule in rules if rule.classes & names]
            same = [rule for rule in rules if rule.name.lower() == module.name.lower() and not rule.classes]
            others = [rule for rule in rules if not rule.classes and module.guessed]
            for rule in (listed or same or others)[:1]:
                changed.modules[lower] = Module(rule.name, rule.version)
        _build_keywords(changed)
        return changed

    def only(self, files: Iterable[str], path: str = "<schemas>") -> SchemaSet:
        """Return the classes of the named schema files alone (``X`` for ``X.schema.mof``)."""
        wanted = {name.lower().removesuffix(".schema.mof"): name for name in files}
        missing = [name for lower, name in wanted.items() if lower not in set(self.files.values())]
        if missing:
            known = sorted(set(self.files.values()))
            raise InputError(
                "a schema file is not there",
                [Problem(f"no {name}.schema.mof", path, remedy=f"there are {', '.join(known)}") for name in missing],
            )
        kept = {lower: item for lower, item in self.classes.items() if self.files[lower] in wanted}
        chosen = SchemaSet(kept, {lower: self.modules[lower] for lower in kept}, self.files)
        _build_keywords(chosen)
        return chosen


def load_schemas(folder: Path | str, modules: Iterable[ModuleRule] = ()) -> SchemaSet:
    """Read every ``*.schema.mof`` below a folder.

    A class belongs to the module whose manifest (``<Module>.psd1`` with a ModuleVersion) stands nearest above
    its file, as in ``<Module>/DSCResources/<Class>/``. Without a manifest the module is named as the folder
    and has the version of the class (its ClassVersion), which ``modules`` overrides. Raises InputError with
    every problem: text that is no MOF, a class declared twice, an unknown superclass or embedded class.
    """
    root = Path(folder)
    if not root.is_dir():
        raise InputError(f"there is no folder {folder}", remedy="name the folder that holds the .schema.mof files")
    found = SchemaSet()
    problems: list[Problem] = []
    declared_in: dict[str, Path] = {}
    for file in sorted(root.rglob("*.schema.mof")):
        try:
            declared = parse_schema(read_data(file), str(file))
        except InputError as error:
            problems += error.problems
            continue
        manifest = _manifest(file, root)
        for cls in declared:
            lower = cls.name.lower()
            if lower in found.classes and _is_same_nested(found.classes[lower], cls):
                continue
            if lower in found.classes or lower in _builtin("base")[0]:
                other = f" in {declared_in[lower]}" if lower in declared_in else ", by DSC itself"
                remedy = "name a folder with one version of each module" if lower in declared_in else None
                message = f"the class {cls.name} is declared already{other}"
                problems.append(Problem(message, str(file), cls.line, remedy=remedy))
                continue
            found.classes[lower] = cls
            declared_in[lower] = file
            found.files[lower] = file.name.removesuffix(".schema.mof").lower()
            version = cls.qualifiers.get("classversion")
            guess = Module(root.resolve().name, str(version.value.value) if version else "1.0.0", guessed=True)
            found.modules[lower] = manifest or guess
    problems += _unresolved(found, str(root))
    if problems:
        raise InputError(f"the schemas in {folder} have errors", problems)
    _build_keywords(found)
    return found.with_modules(modules)


def _is_same_nested(first: ClassDeclaration, second: ClassDeclaration) -> bool:
    """Say whether two files declare one class of embedded instances alike: DSC lets resources share such a class.

    Source: DscClassCache of PowerShell, which refuses a second class unless IsSameNestedObject.
    """

    def shape(cls: ClassDeclaration) -> list[tuple[str, str, bool]]:
        return [(item.name.lower(), str(item.type).lower(), bool(item.is_array)) for item in cls.properties]

    return first.superclass is None and second.superclass is None and shape(first) == shape(second)


def schemas_from_text(text: str, module: str = "Module", version: str = "1.0.0") -> SchemaSet:
    """Return the classes of one schema text, all in one module."""
    found = SchemaSet()
    for cls in parse_schema(text):
        lower = cls.name.lower()
        found.classes[lower], found.files[lower] = cls, lower
        found.modules[lower] = Module(module, version)
    problems = _unresolved(found, "<schema>")
    if problems:
        raise InputError("the schemas have errors", problems)
    _build_keywords(found)
    return found


def joined_schemas(sets: Iterable[SchemaSet]) -> SchemaSet:
    """Return the classes of several sets as one; a class of two of them is the first one's."""
    found = SchemaSet()
    for each in sets:
        for lower, declared in each.classes.items():
            if lower not in found.classes:
                found.classes[lower], found.files[lower] = declared, each.files[lower]
                found.modules[lower] = each.modules[lower]
    _build_keywords(found)
    return found


def manifest_version(text: str) -> str | None:
    """Return the ModuleVersion that a module's manifest names literally, None when it names none."""
    hit = _VERSION.search(text)
    return hit.group(2) if hit else None


def base_keywords() -> dict[str, Keyword]:
    """Return the keywords that every configuration has: MSFT_Credential, MSFT_KeyValuePair."""
    return _builtin("base")[1]


def meta_schemas() -> SchemaSet:
    """Return the classes of meta-configurations: Settings, repositories, report servers, partial ones."""
    classes, keywords = _builtin("meta")
    return SchemaSet(dict(classes), {}, {}, dict(keywords))


@cache
def _builtin(name: str) -> tuple[Mapping[str, ClassDeclaration], dict[str, Keyword]]:
    file = resources.files("psnet.mof") / "data" / f"{name}.schema.mof"
    declared = parse_schema(file.read_bytes(), str(file))
    classes = {cls.name.lower(): cls for cls in declared}
    module = ENGINE_MODULE if name == "meta" else "PSDesiredStateConfiguration"
    keywords = {
        built.name.lower(): built
        for cls in declared
        if (built := build_keyword(_chain(cls, classes), module, "2.0", is_meta=name == "meta"))
        and not built.class_name.startswith("OMI_")
    }
    return classes, keywords


def _build_keywords(schemas: SchemaSet) -> None:
    classes = {**_builtin("base")[0], **schemas.classes}
    schemas.keywords = {}
    schemas.namesakes = {}
    for lower, cls in schemas.classes.items():
        module = schemas.modules[lower]
        built = build_keyword(_chain(cls, classes), module.name, module.version, is_meta=False)
        if built is None:
            continue
        first = schemas.keywords.setdefault(built.name.lower(), built)
        if first is not built:
            schemas.namesakes.setdefault(built.name.lower(), [first]).append(built)


def _chain(cls: ClassDeclaration, classes: Mapping[str, ClassDeclaration]) -> list[ClassDeclaration]:
    chain = [cls]
    while (above := chain[-1].superclass) is not None and (parent := classes.get(above.lower())) is not None:
        if parent in chain:
            break
        chain.append(parent)
    return chain


def _unresolved(schemas: SchemaSet, path: str) -> list[Problem]:
    known = {**_builtin("base")[0], **schemas.classes}
    problems = []
    for cls in schemas.classes.values():
        place = f"{path}/{schemas.files[cls.name.lower()]}.schema.mof"
        if cls.superclass and cls.superclass.lower() not in known:
            problems.append(
                Problem(f"{cls.name} derives from {cls.superclass}, which is not declared", place, cls.line)
            )
        for prop in cls.properties:
            embedded = prop.qualifiers.get("embeddedinstance")
            if embedded is None:
                continue
            name = str(embedded.value.value)
            if prop.type != "string":
                problems.append(
                    Problem(f"{prop.name}: EmbeddedInstance stands on {prop.type}, not string", place, prop.line)
                )
            elif name.lower() not in known:
                problems.append(Problem(f"{prop.name}: the embedded class {name} is not declared", place, prop.line))
    return problems


def _manifest(file: Path, root: Path) -> Module | None:
    folder = file.resolve().parent
    stop = root.resolve().parent
    if stop.name.lower() == "dscresources":  # the folder of one class was named
        stop = stop.parent
    for _ in range(_LEVELS_UP):
        named = {folder.name.lower(), folder.parent.name.lower()}
        for manifest in sorted(folder.glob("*.psd1")):
            version = manifest_version(decode(read_data(manifest), str(manifest)))
            if version and manifest.stem.lower() in named:
                return Module(manifest.stem, version)
        if folder in (stop, folder.parent):
            break
        folder = folder.parent
    return None
