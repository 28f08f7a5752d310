"""$null for each parameter of every .NET method the lab has: an answer or an exception of .NET, never one of Python."""

from __future__ import annotations

from typing import Any, Final

import pytest

from psnet.lab.cmdlets import lab_registry
from psnet.lab.dotnet.bases import is_value_type
from psnet.lab.dotnet.binding import bind
from psnet.lab.dotnet.enums import is_enum, make_enum
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.members import declaring_types, find_methods
from psnet.lab.dotnet.registry import REGISTRY, Overload, Parameter
from psnet.lab.dotnet.typenames import type_name_of, unwrap
from psnet.lab.dotnet.types.statics import default_value
from psnet.lab.engine.runspace import Runspace
from psnet.lab.run import make_hosts
from psnet.lab.values import Array, DotNetError, Reference

#: A value for each parameter that is not the one under test; others get their type's default.
GIVEN: Final[dict[str, Any]] = {"System.String": "1", "System.Object": "x", "System.Int32": 1}
#: What makes an object of each type that declares instance methods.
OBJECTS: Final = (
    "'abc'", "1", "1.5", "[char]'a'", "$true", "[guid]::Empty", "[version]'1.2'", "[datetime]'2026-01-02'",
    "[timespan]'1:0:0'", "[datetimeoffset]'2026-01-02'", ",(1, 2)", ",[byte[]](1, 2)", "@{ a = 1 }",
    "[ordered]@{ a = 1 }",
    ",[System.Collections.ArrayList](1, 2)", ",[System.Collections.Generic.List[string]]@('a')",
    ",[System.Collections.Generic.List[object]]@(1)", ",[System.Collections.Generic.HashSet[string]]@('a')",
    "[System.Text.StringBuilder]'ab'", "[xml]'<a k=\"1\"><b>c</b></a>'", "([xml]'<a k=\"1\"><b>c</b></a>').a",
    ",([xml]'<a k=\"1\"/>').a.Attributes", ",([xml]'<a><b/></a>').a.ChildNodes",
    ",[System.Collections.ObjectModel.Collection[string]]@('a')", "[System.Collections.SortedList]@{ a = 1 }",
    ",[System.Collections.Specialized.NameValueCollection]::new()", "[regex]'a'", "[string]",
    "& { Add-Type -AssemblyName System.Web; , [System.Web.HttpUtility]::ParseQueryString('a=1') }",
    "[Predicate[int]]{ $true }", ",[Linq.Enumerable]::Range(1, 2)",
    ",[System.Collections.Stack]::new()", ",[System.Collections.Queue]::new()",
    ",[System.Collections.Generic.Stack[string]]::new()", ",[System.Collections.Generic.Queue[string]]::new()",
    "[System.Collections.Generic.Dictionary[string, object]]::new()",
    "[System.Collections.Generic.SortedDictionary[string, object]]::new()", "[System.Text.Encoding]::UTF8",
    "[System.Security.Cryptography.SHA256]::Create()", "[ipaddress]'10.0.0.1'", "[securestring]::new()",
    "[System.Diagnostics.Stopwatch]::new()", "New-Item C:\\f.txt", "Get-Item C:\\Windows",
    "[System.Xml.XmlNamespaceManager]::new(([xml]'<a/>').NameTable)", "[System.StringComparer]::Ordinal",
    "[regex]::Match('a', 'a')", ",[regex]::Matches('a', 'a')", ",[regex]::Match('a', 'a').Groups", "[random]::new(1)",
    "[cultureinfo]::InvariantCulture.DateTimeFormat", "[System.IO.StringReader]::new('a')",
    "[System.IO.StringWriter]::new()", "[System.IO.StreamWriter]::new('C:\\g.txt')",
    "[System.IO.StreamReader]::new('C:\\g.txt')",
    "[intptr]::Zero", "[exception]'x'", "[DayOfWeek]::Monday", "[switch]$true",
    "[pscredential]::new('u', (ConvertTo-SecureString x -AsPlainText -Force))",
    "[System.Net.NetworkInformation.PhysicalAddress]::Parse('00-11-22-33-44-55')",
    "[cultureinfo]::InvariantCulture.TextInfo",
    "[Environment]::OSVersion", "[pscustomobject]@{ a = 1 }", ",'a'.PSObject.Properties", "'a'.PSObject",
    "[System.Management.Automation.RuntimeDefinedParameterDictionary]::new()",
    "[System.Security.Cryptography.RandomNumberGenerator]::Create()",
    "[System.Security.AccessControl.FileSecurity]::new()",
    "[System.Security.Principal.SecurityIdentifier]'S-1-1-0'", "[System.IO.File]::Create('C:\\f.bin')",
    ",[System.Collections.Generic.List[string]]::new().AsReadOnly()", "& { param($a) $PSBoundParameters } 1",
    "'a'.Trim",
    ",[regex]::Match('a', 'a').Captures", "{ Get-Date }.Ast",
    "{ Get-Date }.Ast.EndBlock.Statements[0].PipelineElements[0]",
    "[System.Security.Principal.WindowsPrincipal]::new([System.Security.Principal.WindowsIdentity]::GetCurrent())",
)  # fmt: skip


def _value(parameter: Parameter, at: int) -> Any:
    kind = parameter.type_name
    if parameter.ref:
        return Reference(lambda: None, lambda _: None)
    if kind in GIVEN:
        return GIVEN[kind]
    if is_enum(kind):
        return make_enum(kind, at)
    if kind.endswith("[]"):
        return Array([], kind[:-2] if kind[:-2] not in {"T", "TKey", "TValue"} else "System.Object")
    return default_value(kind) if is_value_type(kind) else None


def _ends(overload: Overload, owner: str, first: list[Any]) -> list[str]:
    """Call an overload with $null for one parameter after the other, and for all of them; return what Python raised."""
    found = []
    count = len(overload.parameters)
    for null in [*range(count), None]:
        arguments = [
            None if null in {at, None} and not parameter.ref else _value(parameter, 0)
            for at, parameter in enumerate(overload.parameters)
        ]
        try:
            chosen, converted = bind([overload], arguments, owner, overload.name or ".ctor", lambda *_, **__: None)
            chosen.function(*first, *converted)
        except (DotNetError, UnsupportedError):
            continue
        except Exception as error:  # noqa: BLE001 - what is looked for
            found.append(f"{overload.owner} {overload.definition}, null {null}: {type(error).__name__}: {error}")
    return found


@pytest.mark.parametrize("owner", sorted(REGISTRY))
def test_static_methods_and_constructors(owner: str) -> None:
    table = REGISTRY[owner]
    closed = "System.Int32[]" if owner == "System.Array" else owner
    if "`" in owner:
        size = int(owner.partition("`")[2].partition("+")[0])
        closed = f"{owner}[{','.join(['System.String', 'System.Object'][:size])}]"
    first = [closed] if "`" in owner or owner == "System.Array" else []
    found = [end for overload in table.constructors for end in _ends(overload, closed, first)]
    for overloads in table.static_methods.values():
        found += [end for overload in overloads for end in _ends(overload, closed, [])]
    assert not "\n".join(found)


@pytest.mark.parametrize("language", ["5.1", "7"])
def test_instance_methods(language: str) -> None:
    (host,) = make_hosts(["2022"])
    runspace = Runspace(host, language, registry=lab_registry(host))
    seen: set[str] = set()
    found: list[str] = []
    with runspace.context():
        for written in OBJECTS:
            (got,) = runspace.run_block(runspace.script_block(f"@{{ It = ({written.removeprefix(',')}) }}"), [])
            value = unwrap(got["It"])
            owner = type_name_of(value)
            for link in declaring_types(owner):
                seen.add(link)
                for name in REGISTRY[link].methods if link in REGISTRY else ():
                    found += [end for each in find_methods(owner, name) for end in _ends(each, owner, [value])]
    untested = {owner for owner, table in REGISTRY.items() if table.methods} - seen
    assert not untested
    assert not "\n".join(found)
