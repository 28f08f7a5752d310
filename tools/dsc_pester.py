"""Write dsc/tests/Unit, the Pester tests of each resource, from a table: ``python tools/dsc_pester.py [--check]``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from psnet.dsc.examples import example_instances
from psnet.dsc.resources import DscClass, resources
from psnet.powershell import literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "dsc" / "tests" / "cases.yaml"
UNIT = ROOT / "dsc" / "tests" / "Unit"
COMMON = "PSNetDsc.Common"
#: What every resource calls that leaves something on the host.
_ALWAYS = {
    "Protect-PSNetFolder": "'C:\\ProgramData\\psnet'",
    "Get-PSNetLedger": "[ordered]@{}",
    "Lock-PSNetHost": "",
    "Unlock-PSNetHost": "",
}
_LEDGER = "Set-PSNetLedgerEntry"


def generated() -> dict[Path, str]:
    """Return each test file with its text."""
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {UNIT / f"{cls.name}.Tests.ps1": _file(cls, _case(table[kind])) for kind, cls in resources().items()}


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    """Return a case with what policies of endpoints have in common."""
    if "policy" not in case:
        return dict(case)
    made = f"($Name -eq 'app') -and ($Type -eq '{case['policy']}') -and (@($Policies).Count -gt 0)"
    gone = f"($Name -eq 'app') -and ($Type -eq '{case['policy']}') -and (@($Policies).Count -eq 0)"
    return {
        "common": True,
        "absent": {"Get-PSNetEndpointPolicy": "", "Test-PSNetAclList": "$true", "Test-PSNetHcn": "$false"},
        "present": {"Get-PSNetEndpointPolicy": _objects(case["policies"])},
        "changing": ["Set-PSNetEndpointPolicy"],
        "makes": {f"{COMMON}/Set-PSNetEndpointPolicy": made},
        "removes": {f"{COMMON}/Set-PSNetEndpointPolicy": gone},
        "reason": "Policies",
        **case,
    }


def _objects(text: str) -> str:
    return f"ConvertFrom-Json -InputObject {literal(text)} | ForEach-Object -Process {{ $_ }}"


def _file(cls: DscClass, case: dict[str, Any]) -> str:
    declared = case.get("properties") or example_instances(cls.kind)[-1].properties
    keys = {item.name: declared[item.name] for item in cls.properties if item.qualifier in ("Key", "Required")}
    lines = [
        "# Pester 5. Written by tools/dsc_pester.py from dsc/tests/cases.yaml.",
        "BeforeAll {",
        f'    Import-Module -Name "$PSScriptRoot\\..\\..\\PSNetDsc\\Modules\\{COMMON}\\{COMMON}.psm1" -Force',
        f'    Import-Module -Name "$PSScriptRoot\\..\\..\\PSNetDsc\\DSCResources\\{cls.name}\\{cls.name}.psm1" -Force',
        '    . "$PSScriptRoot\\..\\Stubs.ps1"',
        f"    $keys = {_table(keys)}",
        f"    $declared = {_table(declared)}",
        f"    $otherwise = {_table({**declared, **case['differs']})}",
        f"    $absent = {_table({**declared, 'Ensure': 'Absent'})}",
        "}",
        "",
        "AfterAll {",
        f"    Remove-Module -Name '{cls.name}'",
        "}",
        "",
        f"Describe '{cls.friendly}' {{",
        *_indented(_contexts(cls, case)),
        "}",
    ]
    return "\n".join([*lines, ""])


def _table(values: Mapping[str, Any]) -> str:
    return "@{ " + "; ".join(f"{name} = {literal(value)}" for name, value in values.items()) + " }"


def _indented(lines: Iterator[str]) -> Iterator[str]:
    yield from (f"    {line}" if line else "" for line in lines)


def _contexts(cls: DscClass, case: dict[str, Any]) -> Iterator[str]:
    get, test, change = (f"{cls.name}\\{verb}-TargetResource" for verb in ("Get", "Test", "Set"))
    making, removing = _invoked(case["makes"], cls), _invoked(case["removes"], cls)
    nothing = [line for item in _commands(cls, case) for line in (_times(item, 0),)]
    yield "Context 'when it is not there' {"
    yield from _indented(_mocks(cls, case, {**case["absent"], **_hns(case, present=False)}))
    yield from _it("Get says that it is absent", f"({get} @keys).Ensure | Should -Be 'Absent'")
    yield from _it("Test says that it is not as declared", f"{test} @declared | Should -BeFalse")
    yield from _it("Get says why", f"@(({get} @declared).Reasons).Count | Should -BeGreaterThan 0")
    yield from _it("Test says that it is rightly absent", f"{test} @absent | Should -BeTrue")
    yield from _it("Set makes it", f"{change} @declared", *making)
    yield from _it("Set leaves it away", f"{change} @absent", *(line for line in nothing if "Unregister" not in line))
    yield "}"
    yield ""
    yield "Context 'when it is as declared' {"
    answers = {**case["absent"], **case["present"], **_hns(case, present=True)}
    yield from _indented(_mocks(cls, case, answers))
    yield from _it("Get says that it is there", f"({get} @keys).Ensure | Should -Be 'Present'")
    yield from _it("Get has no reasons", f"@(({get} @declared).Reasons).Count | Should -Be 0")
    yield from _it("Test says so", f"{test} @declared | Should -BeTrue")
    if cls.kind not in ("cni", "reapply"):  # these two are written anew each time: Set comes after Test
        yield from _it("Set leaves it as it is", f"{change} @declared", *nothing)
    yield from _it("Test says that it should be absent", f"{test} @absent | Should -BeFalse")
    yield from _it("Set takes it away", f"{change} @absent", *removing)
    yield from _it("Test finds what differs", f"{test} @otherwise | Should -BeFalse")
    code = f"{cls.friendly}:{cls.friendly}:{case['reason']}"
    yield from _it(
        "Get says what differs",
        f"@(({get} @otherwise).Reasons | ForEach-Object -Process {{ $_.Code }}) | Should -Contain '{code}'",
    )
    yield "}"


def _it(name: str, *lines: str) -> Iterator[str]:
    yield ""
    yield f"    It '{name}' {{"
    yield from (f"        {line}" for line in lines)
    yield "    }"


def _commands(cls: DscClass, case: dict[str, Any]) -> list[str]:
    """Return ``Module/Command`` of all that changes the host."""
    module = COMMON if case.get("common") else cls.name
    found = [f"{module}/{name}" for name in case["changing"]]
    return found + ([f"{cls.name}/Invoke-PSNetHns|$Method -ne 'GET'"] if case.get("hns") else [])


def _times(item: str, count: int) -> str:
    place, _, condition = item.partition("|")
    module, _, name = place.partition("/")
    narrowed = f" -ParameterFilter {{ {condition} }}" if condition else ""
    return f"Should -Invoke -CommandName '{name}' -ModuleName '{module}'{narrowed} -Times {count} -Exactly"


def _invoked(calls: Mapping[str, str], cls: DscClass) -> list[str]:
    return [
        _times(f"{name if '/' in name else f'{cls.name}/{name}'}|{condition}", 1) for name, condition in calls.items()
    ]


def _hns(case: dict[str, Any], *, present: bool) -> dict[str, str]:
    """Return the answers of HNS: what stands there, and what is made."""
    if not case.get("hns"):
        return {}
    lists = {
        name: case.get(name, "[]") if present else case.get(f"{name}_when_absent", "[]")
        for name in ("endpoints", "policylists")
    }
    network = '[{"ID":"n1","Name":"flat","Type":"L2Bridge"}]'
    cases = [
        f"'GET /{name}/' {{ {_objects(text)} }}"
        for name, text in ({"networks": network} | lists).items()
        if text != "[]"
    ]
    cases += [f"'GET /{name}/?*' {{ {_objects(case[name])} }}" for name in ("endpoints", "policylists") if name in case]
    cases.append("'POST *' { [PSCustomObject] @{ ID = 'e1'; Name = 'app' } }")
    return {"Invoke-PSNetHns": 'switch -Wildcard ("$Method $Path") { ' + "; ".join(cases) + " }"}


def _mocks(cls: DscClass, case: dict[str, Any], answers: Mapping[str, str]) -> Iterator[str]:
    yield "BeforeAll {"
    modules = (cls.name, COMMON)
    for name, said in _ALWAYS.items():
        yield from (_mock(name, module, said) for module in modules)
    yield from (_mock(_LEDGER, module, "") for module in modules)
    both = case.get("common") or case.get("hns")
    for name, said in answers.items():
        yield from (_mock(name, module, said) for module in (modules if both else (cls.name,)))
    for item in (item for item in _commands(cls, case) if "|" not in item):
        module, _, name = item.partition("/")
        yield _mock(name, module, "")
    yield "}"


def _mock(name: str, module: str, said: str) -> str:
    body = f" {said} " if said else ""
    return f"    Mock -CommandName '{name}' -ModuleName '{module}' -MockWith {{{body}}}"


if __name__ == "__main__":
    from dsc_schemas import write_files

    sys.exit(write_files(generated(), sys.argv[1:]))
