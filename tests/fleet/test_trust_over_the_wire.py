"""Hosts that answer what nobody should believe, over real WinRM: each has its result, and secrets are nowhere."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.lab.wire import Fault, FaultPlan
from psnet.report import objects
from psnet.transport import values

if TYPE_CHECKING:
    from collections.abc import Callable

CYCLE = (
    "$a = New-Object -TypeName PSObject -Property @{ Name = 'me' }; "
    "Add-Member -InputObject $a -MemberType NoteProperty -Name Self -Value $a; $a"
)


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_host_with_a_cycle_costs_no_other_its_result(psnet_lab: Callable[..., Any], form: str) -> None:
    lab = psnet_lab("2022", count=5)
    script = f"if ($env:COMPUTERNAME -eq 'WS2022-03') {{ {CYCLE} }} else {{ 'fine' }}"
    made = run("run", "-i", str(lab.inventory), *(["--json"] if form == "json" else []), "--", script)
    assert made.exit_code == 0, made.output
    if form == "json":
        ended = [json.loads(line) for line in made.stdout.splitlines() if '"host_finished"' in line]
        assert len(ended) == 5
        return
    assert made.stdout.count("fine") == 4
    assert "me" in made.stdout


def test_what_a_host_prints_moves_no_cursor(psnet_lab: Callable[..., Any]) -> None:
    lab = psnet_lab("2022")
    script = (
        '$e = [string] [char] 27; "$e[2J$e]0;t$([char] 7)"; Write-Warning -Message "$e[31m"; '
        'throw "$e[2J$([char] 0x202E)"'
    )
    for more in ([], ["--json"]):
        made = run("run", "-i", str(lab.inventory), *more, "--", script)
        assert not set(made.output) & {"\x1b", "\x07", "\u202e"}


def spelled(secret: str) -> dict[str, bytes]:
    """Return the forms that a secret could be written in."""
    return {
        "plain": secret.encode(),
        "json": json.dumps(secret)[1:-1].encode(),
        "xml": escape(secret).encode(),
        "url": quote(secret, safe="").encode(),
        "utf-16": secret.encode("utf-16-le"),
        **{f"base64-{at}": base64.b64encode(b"x" * at + secret.encode())[4:-4] for at in range(3)},
        "base64 of utf-16": base64.b64encode(secret.encode("utf-16-le"))[:-4],
    }


def test_a_password_is_in_no_byte_that_is_written(tmp_path: Path, psnet_lab: Callable[..., Any]) -> None:
    lab = psnet_lab("2022")
    secret = lab.hosts["ws2022"].password
    inventory = str(lab.inventory)
    written = tmp_path / "written"
    written.mkdir()
    site = str(Path(__file__).resolve().parents[2] / "examples" / "minimal" / "site.yaml")
    journal = ("--journal", str(written / "journal.sqlite"))
    common = ("-i", inventory, *journal, "--junit", str(written / "run.xml"))
    said = [
        run("-v", "observe", *common),
        run("observe", *common, "--json"),
        run("plan", site, *common, "--out", str(written / "plan.json")),
        run("-v", "apply", site, *common, "--yes", "--executor", "processes"),
        run("run", *common, "--json", "--", "throw 'no'"),
        run("doctor", "-i", inventory),
        run("inventory", "show", "-i", inventory, "ws2022"),
        run("runs", "show", "last", *journal, "--html", str(written / "run.html")),
        run("runs", "export", "last", *journal),
    ]
    assert [item.exit_code for item in said[:5]] == [0, 0, 0, 0, 1], [item.output for item in said]
    everything = b"".join(item.output.encode() for item in said)
    files = [path for path in written.rglob("*") if path.is_file()]
    assert {"journal.sqlite", "run.xml", "plan.json", "run.html"} <= {path.name for path in files}
    everything += b"".join(path.read_bytes() for path in files)
    assert [form for form, written_as in spelled(secret).items() if written_as in everything] == []


def test_each_result_is_printed_as_it_comes(psnet_lab: Callable[..., Any]) -> None:
    slow = Fault(action="slow", host="ws2022-01", operation="Receive", seconds=3, times="always")
    lab = psnet_lab("2022", count=5, faults=FaultPlan.of(slow))
    made = run("run", "-i", str(lab.inventory), "--forks", "5", "--", "'fine'")
    assert made.exit_code == 0, made.output
    heads = [line for line in made.stdout.splitlines() if line.startswith("ws2022-")]
    assert len(heads) == 5
    assert heads[-1] == "ws2022-01"  # the first of the inventory, and the last that had a result
    assert made.stdout.rstrip().splitlines()[-1].startswith("5 hosts in ")


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("count", [3, 21])
def test_a_result_that_cannot_be_shown_costs_no_other_its_own(
    psnet_lab: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, form: str, count: int
) -> None:
    """Neither one by one nor, beyond 20 hosts, grouped."""

    def breaking(real: Any) -> Any:
        def made(value: Any, *more: Any) -> Any:
            if "WS2022-02" in str(value):
                raise RecursionError
            return real(value, *more)

        return made

    monkeypatch.setattr(objects, "object_text", breaking(objects.object_text))
    monkeypatch.setattr(values, "plain", breaking(values.plain))
    lab = psnet_lab("2022", count=count)
    script = "if ($env:COMPUTERNAME -eq 'WS2022-02') { $env:COMPUTERNAME } else { 'fine' }"
    made = run("run", "-i", str(lab.inventory), *(["--json"] if form == "json" else []), "--", script)
    assert made.exit_code == 0, made.output
    if form == "json":
        ended = [json.loads(line) for line in made.stdout.splitlines() if '"host_finished"' in line]
        assert [item["host"] for item in ended if item["result"] is None] == ["ws2022-02"]
        assert len(ended) == count
        return
    assert "ws2022-02  its result cannot be shown (RecursionError)" in made.stdout.replace("\n  its", "  its")
    assert made.stdout.count("fine") == (2 if count == 3 else 1)
