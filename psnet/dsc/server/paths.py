"""The paths of the protocol, read strictly: a name that is not of the pattern is no name.

Nothing of a request is ever joined to a path of the file system; names are looked up in an index (content.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

BASE: Final = "/PSDSCPullServer.svc"
Operation = Literal["register", "node", "rotate", "action", "configuration", "module", "send", "reports", "report"]

GUID: Final = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
#: A configuration's or a module's name: dots only between other characters.
NAME: Final = r"[A-Za-z0-9_][A-Za-z0-9_-]{0,63}(?:\.[A-Za-z0-9_-]{1,63}){0,8}"
#: A module's version.
VERSION: Final = r"[0-9]{1,9}(?:\.[0-9]{1,9}){1,3}"

#: Blanks may stand around = and after a comma; some clients write them.
_IS, _AND = r" {0,4}= {0,4}", r" {0,4}, {0,4}"
_NODE = rf"/Nodes\( {{0,4}}[Aa]gent[Ii]d{_IS}'(?P<agent>{GUID})' {{0,4}}\)"
_PATHS: Final[tuple[tuple[str, Operation, str], ...]] = (
    ("PUT", "register", _NODE),
    ("GET", "node", _NODE),
    ("POST", "rotate", rf"{_NODE}/CertificateRotation"),
    ("POST", "action", rf"{_NODE}/GetDscAction"),
    (
        "GET",
        "configuration",
        rf"{_NODE}/Configurations\(ConfigurationName{_IS}'(?P<name>{NAME})'\)/ConfigurationContent",
    ),
    (
        "GET",
        "module",
        rf"/Modules\(ModuleName{_IS}'(?P<name>{NAME})'{_AND}ModuleVersion{_IS}'(?P<version>{VERSION})'\)/ModuleContent",
    ),
    ("POST", "send", rf"{_NODE}/SendReport"),
    ("GET", "reports", rf"{_NODE}/Reports(?:\(\))?"),
    ("GET", "report", rf"{_NODE}/Reports\(JobId{_IS}'(?P<job>{GUID})'\)"),
)
_COMPILED = tuple((verb, what, re.compile(pattern, re.ASCII)) for verb, what, pattern in _PATHS)
_NAME = re.compile(NAME, re.ASCII)
_GUID = re.compile(GUID, re.ASCII)


@dataclass(frozen=True, slots=True)
class Call:
    """What a request asks for; ids in lower case, "" where the operation has none."""

    operation: Operation
    verb: str
    agent: str = ""
    name: str = ""
    version: str = ""
    job: str = ""


def is_name(text: str) -> bool:
    """Say whether a text can name a configuration or a module."""
    return _NAME.fullmatch(text) is not None


def is_guid(text: str) -> bool:
    """Say whether a text is a GUID without braces."""
    return _GUID.fullmatch(text) is not None


def read_path(path: str, method: str) -> Call | None:
    """Return what a decoded path below the base asks for; None when it is no path of the protocol.

    A path that takes other methods only is returned with the first of them as its ``verb``.
    """
    if not path.startswith(BASE):
        return None
    rest = path.removeprefix(BASE)
    first = None
    for verb, what, pattern in _COMPILED:
        found = pattern.fullmatch(rest)
        if found is not None:
            parts = found.groupdict()
            ids = {key: parts.get(key, "").lower() for key in ("agent", "job")}
            call = Call(what, verb, name=parts.get("name", ""), version=parts.get("version", ""), **ids)
            if verb == method:
                return call
            first = first or call
    return first
