"""Scripts on which the lab once was wrong, and what is right; the real engine's answers, or a refusal by name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from psnet.lab.cmdlets import lab_registry
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.execute import run_file
from psnet.lab.run import make_hosts

CASES: Final = Path(__file__).with_name("cases")
#: What each prints in Windows PowerShell 5.1; the last line may be the refusal of what follows.
RIGHT: Final[dict[str, list[str]]] = {
    "e01-wmi-missing": ["mask 255.255.0.0"],
    "e04-osversion": ["HNS v2"],
    "e06-wsman-drive": ["false", "True", "True"],
    "e07-native-programs": ["unsupported: the program sc.exe, line 2"],
    "e08-netsh-excluded": [
        *("before", "Ok.", "", "", "Protocol tcp Dynamic Port Range", "-" * 33),
        *("Start Port      : 49152", "Number of Ports : 16384"),
    ],
    "e10-hns-activities": ["unsupported: HNS GET /activities, line 5"],
    "e11-output-lost": ["first line", "second line", "unsupported: Get-NetIPConfiguration, line 3"],
    "e12-select-xml": ["1"],
    "e13-json-array-51": ['{"value":[1,2],"Count":2}'],
    "r01-automation-null-to-string": ["split: InvokeMethodOnNull", 'json: {"error":null}', "typed: False"],
    "r02-dsc-network-without-dns": ["InvokeMethodOnNull"],
    "r03-error-variable-after-stop": ["Error.Count 1", "ErrorVariable 1", "throw 1"],
    "r04-existing-cmdlets-not-found": [
        "PathNotFound,Microsoft.PowerShell.Commands.GetFileHashCommand",
        "unsupported: the path HKLM:\\SOFTWARE, line 2",
    ],
    "r05-ref-null": ["not an address", "True"],
    "r06-xml-attribute-name": ["a,b", "1"],
    "r07-add-member-positional": ["web", "16"],
    "r08-scalars-in-a-table": ["", "A", "-", "1", "text", "2"],
    "r09-width-79": ["", f"Name{' ' * 27}Desc", f"----{' ' * 27}----", f"{'a' * 30} {'b' * 45}..."],
    "r10-table-details": [
        *("", "Name Value", "---- -----", "Arr  {1, 2, 3}", "", "", ""),
        *("   Day N", "   --- -", "Monday 1"),
    ],
    "r11-culture": ["en-US", "3/4/2026 5:06:07 PM", "3/4/2026", "$1,234.50", "1.234,50"],
    "r12-small": [
        *("a|b", "", '{"Major":1,"Minor":2,"Build":3,"Revision":-1,"MajorRevision":-1,"MinorRevision":-1}'),
        *("ForEach-Object", "MethodInvocationException", "ParseException", "s=1 2"),
    ],
    "r13-json-lenient": ["single"],
    "s01-empty-parens-param": ["port 8080"],
    "s03-filter-empty-parens": ["n1", "n2"],
    "s05-configuration": [],
    "s06-class-partial-namespace": ["1"],
}
#: Errors of 5.1's own JSON reader, which takes no comma before an end and no comment.
FAILED: Final = {
    "r13-json-lenient": ["System.ArgumentException,Microsoft.PowerShell.Commands.ConvertFromJsonCommand"] * 2
}


def test_every_case_has_its_answer() -> None:
    assert sorted(RIGHT) == sorted(path.stem for path in CASES.glob("*.ps1"))


@pytest.mark.parametrize("name", RIGHT)
def test_a_case_is_right(name: str) -> None:
    (host,) = make_hosts(["2022"])
    text = (CASES / f"{name}.ps1").read_text(encoding="utf-8-sig")
    try:
        result = run_file(host, text, [], "5.1", registry=lab_registry(host))
    except UnsupportedError as refused:
        printed, errors = [*refused.printed, str(refused)], []
    else:
        printed, errors = result.stdout, result.errors
    assert "\n".join(line.rstrip() for line in printed).rstrip() == "\n".join(RIGHT[name])
    assert errors == FAILED.get(name, [])
