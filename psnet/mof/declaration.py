"""A configuration as given -> a declaration that can be compiled: its wrapper, options and schemas."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psnet._internal.yaml import nearest
from psnet.errors import InputError
from psnet.mof.check import SHAPE, Checker
from psnet.mof.schema import ModuleRule, SchemaSet, base_keywords, meta_schemas
from psnet.mof.variables import unsupported_reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet._internal.yaml import Path_
    from psnet.mof.diagnostics import Diagnostics
    from psnet.mof.keyword import Keyword
    from psnet.mof.options import CompileOptions

_CONFIGURATION = ("name", "configuration_data", "nodes")
_AROUND = ("document", "timezone", "modules", "imports", "variables", "schemas", "id", "title")
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.IGNORECASE | re.ASCII)
_VERSION = re.compile(r"[0-9]+(\.[0-9]+){1,3}")
_DOCUMENTS = ("configuration", "meta")


@dataclass(slots=True)
class Declaration:
    """What is to be compiled; ``report`` holds what was refused already."""

    name: str
    is_meta: bool
    zone: dt.tzinfo
    blocks: list[Any]
    data: Any
    variables: Mapping[str, Any]
    keywords: Mapping[str, Keyword]
    bad: set[Path_]


def read_declaration(
    config: Mapping[str, Any], schemas: SchemaSet, options: CompileOptions, report: Diagnostics
) -> Declaration:
    """Check all that is refused before anything runs. Raises InputError when there is nothing to compile."""
    around, inner, prefix = _unwrap(config, report)
    document = around.get("document", options.document)
    if document not in _DOCUMENTS:
        report.refuse(SHAPE, f"document is configuration or meta, not {document!r}", ("document",))
    is_meta = document == "meta"
    zone = _zone(around.get("timezone") or options.timezone, report)
    rules = module_rules(around.get("modules"), report)
    known = schemas.with_modules(rules)
    if isinstance(around.get("schemas"), list):
        try:
            known = known.only(map(str, around["schemas"]))
        except InputError as error:
            for problem in error.problems:
                report.refuse(SHAPE, problem.message, ("schemas",), remedy=problem.remedy)
    keywords = _keywords(known, is_meta=is_meta)
    if around.get("imports") is not None:
        keywords = _imported(keywords, around["imports"], known, report)
    variables = _variables(around.get("variables") or {}, report)
    report.prefix = prefix
    name = inner.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        report.refuse(
            "InvalidConfigurationName",
            f"{name!r} is no name of a configuration: letters, digits and _ only",
            ("name",),
        )
    checker = Checker(known, keywords, report)
    if around.get("imports") is None and not is_meta:
        checker.ambiguous = {name: [item.module for item in found] for name, found in known.namesakes.items()}
    blocks = inner.get("nodes")
    checker.blocks([] if blocks is None else blocks, ("nodes",))
    usable = blocks if isinstance(blocks, list) else []
    return Declaration(
        str(name), is_meta, zone, usable, inner.get("configuration_data"), variables, keywords, checker.bad
    )


def _variables(raw: Any, report: Diagnostics) -> dict[str, Any]:
    """Return the variables that can go along in script blocks; the others are refused."""
    if not isinstance(raw, dict):
        report.refuse(SHAPE, "variables is a mapping of names to values", ("variables",))
        return {}
    reasons = {key: unsupported_reason(value) for key, value in raw.items()}
    for key, reason in reasons.items():
        if reason is not None:
            report.refuse(SHAPE, reason, ("variables", key))
    return {key: value for key, value in raw.items() if reasons[key] is None}


def module_rules(raw: Any, report: Diagnostics | None = None) -> list[ModuleRule]:
    """Read ``{OracleDsc: 1.2.0, OracleExtra: {version: "3.0", resources: [Extra_Thing]}}``."""
    rules: list[ModuleRule] = []
    for name, value in raw.items() if isinstance(raw, dict) else ():
        version, listed = (value.get("version"), value.get("resources")) if isinstance(value, dict) else (value, None)
        text = str(version)
        if not _VERSION.fullmatch(text):
            if report is not None:
                report.refuse(SHAPE, f"{version!r} is no module version such as 1.2.0", ("modules", name))
            continue
        classes = frozenset(str(item).lower() for item in listed or ())
        rules.append(ModuleRule(str(name), text, classes))
    if raw is not None and not isinstance(raw, dict) and report is not None:
        report.refuse(SHAPE, "modules is a mapping of module names to versions", ("modules",))
    return rules


def _unwrap(config: Mapping[str, Any], report: Diagnostics) -> tuple[Mapping[str, Any], Mapping[str, Any], Path_]:
    if not isinstance(config, dict):
        raise InputError("the declaration is no mapping", remedy="start it with name: and nodes:")
    wrapped = "configuration" in config
    inner = config["configuration"] if wrapped else config
    if not isinstance(inner, dict):
        raise InputError("configuration: holds no mapping", remedy="start it with name: and nodes:")
    outer_keys = (*_AROUND, "configuration") if wrapped else (*_AROUND, *_CONFIGURATION)
    _known_keys(config, outer_keys, (), report)
    if wrapped:
        _known_keys(inner, _CONFIGURATION, ("configuration",), report)
    return config, inner, ("configuration",) if wrapped else ()


def _known_keys(given: Mapping[str, Any], allowed: tuple[str, ...], where: Path_, report: Diagnostics) -> None:
    for key in given:
        if key not in allowed:
            close = nearest(str(key), allowed)
            hint = f"did you mean {close}?" if close else f"valid keys are {', '.join(allowed)}"
            report.refuse(SHAPE, f"unknown key {key!r}", (*where, key), remedy=hint)


def _zone(name: Any, report: Diagnostics) -> dt.tzinfo:
    if name == "UTC":
        return dt.UTC
    try:
        return zoneinfo.ZoneInfo(str(name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        message = f"{name!r} is no time zone that this machine knows"
        report.refuse(SHAPE, message, ("timezone",), remedy="write an IANA name such as Europe/Berlin")
        return dt.UTC


def _keywords(schemas: SchemaSet, *, is_meta: bool) -> dict[str, Keyword]:
    """Return the keywords a configuration of that kind has."""
    if is_meta:
        return {**base_keywords(), **meta_schemas().keywords}
    inbox = "psdesiredstateconfiguration"
    return {
        **base_keywords(),
        # The inbox module stands for no particular version unless one is imported by number.
        **{
            key: _versioned(item, "0.0") if item.module.lower() == inbox else item
            for key, item in schemas.keywords.items()
        },
    }


def _versioned(keyword: Keyword, version: str) -> Keyword:
    from dataclasses import replace  # noqa: PLC0415 - for the inbox module only

    return replace(keyword, module_version=version)


def _imported(
    keywords: dict[str, Keyword], imports: Any, schemas: SchemaSet, report: Diagnostics
) -> dict[str, Keyword]:
    """Return the keywords of the imported modules alone: a list of names or {module, version}."""
    wanted: dict[str, str] = {}
    modules = {item.name.lower(): item for item in schemas.modules.values()}
    for index, entry in enumerate(imports if isinstance(imports, list) else [imports]):
        name, version = (entry.get("module"), entry.get("version")) if isinstance(entry, dict) else (entry, None)
        module = modules.get(str(name).lower())
        if module is None or (version is not None and str(version) != module.version):
            shown = f"<{name}, {version}>" if version is not None else f"'{name}'"
            close = nearest(str(name), [item.name for item in modules.values()])
            there = (
                f"{module.name} is there as {module.version}" if module else f"did you mean {close}?" if close else None
            )
            report.refuse(
                "ModuleNotFoundDuringParse",
                f"could not find the module {shown}",
                ("imports", index),
                remedy=there,
            )
            continue
        wanted[module.name.lower()] = module.version if version is not None else ""
    kept = dict(base_keywords())
    twins = [keyword for found in schemas.namesakes.values() for keyword in found]
    # Of several resources with one name that of the last import is meant.
    for module_name, version in wanted.items():
        for keyword in (*keywords.values(), *twins):
            if keyword.module.lower() == module_name:
                other = version and keyword.module_version != version
                kept[keyword.name.lower()] = _versioned(keyword, version) if other else keyword
    return kept
