"""The linter over everything that psnet ships and everything recorded: no crash, no false alarm."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from oracle_data import ROOT, cases
from typer.testing import CliRunner

from psnet.apply import apply_script
from psnet.cli.app import app
from psnet.errors import InputError
from psnet.observe.read import ObserveScope, observe_script
from psnet.planning import plan
from psnet.powershell.lint import RULES, lint_file, lint_text, rendered_templates, script_files
from psnet.powershell.syntax import parse
from psnet.site.load import parse_site
from psnet.state import HostState

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = [ROOT / name for name in ("templates", "dsc", "examples", "psnet", "tests")]
SCRIPTS = [path for path in script_files(FOLDERS) if not path.name.endswith(".j2") and path.parent.name != "cases"]
TEMPLATES = [path for path in script_files(FOLDERS) if path.name.endswith(".j2")]
PLANS: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests" / "unit" / "planning" / "cases.yaml").read_text("utf-8"))
# Names that stand for any command in the recorded texts.
STAND_INS = ("Get-A", "Get-B", "Get-C", "Get-Thing", "Get-Key", "Set-Size", "Set-Mask", "Set-Mac")


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["check", *arguments])


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_template_is_right_with_all_and_with_none_of_its_parts(path: Path) -> None:
    for label, text in rendered_templates(path):
        parse(text, file=label)
        assert [str(one) for one in lint_text(text, label)] == []


@pytest.mark.parametrize(
    "scripts", [SCRIPTS[::15], pytest.param(SCRIPTS, marks=pytest.mark.sweep)], ids=["some", "all"]
)
def test_every_script_is_right(scripts: list[Path]) -> None:
    for path in scripts:  # make lint checks what ships of them too
        parse(path.read_text(encoding="utf-8-sig"), file=str(path))
        assert [str(one) for one in lint_file(path)] == []


@pytest.mark.parametrize("case", PLANS, ids=lambda case: case["id"])
def test_what_is_sent_to_a_host_is_right_there(case: dict[str, Any]) -> None:
    build = case["build"]
    facts = {"computer_name": "H", "build": build, "product": "Windows Server", "has_hns": True}
    facts["has_container_network"] = build == 14393
    host = case.get("host", {})
    state = HostState.model_validate({**host, "facts": {**facts, **host.get("facts", {})}})
    made = plan(parse_site(yaml.safe_dump(case["site"], allow_unicode=True)).for_host("h"), state, host="h")
    text = apply_script(made)
    parse(text)
    assert [str(one) for one in lint_text(text, os=str(build))] == []


@pytest.mark.parametrize("os", ["2016", "1709", "2019", "2022", "2025"])
def test_what_reads_a_host_is_right_on_each_build(os: str) -> None:
    found = lint_text(observe_script(ObserveScope(("a", "b"), networks=True, endpoints=True)), os=os)
    assert [one for one in found if "ContainerNetwork" not in one.message] == []


@pytest.mark.parametrize("name", ["semantics.yaml", "syntax.yaml", "binding.yaml"])
def test_recorded_texts_that_run_are_left_alone(name: str) -> None:
    wrong = []
    for case in cases(name):
        if case.get("errors"):
            continue
        text = case.get("script") or case["text"]
        found = lint_text(text, case["id"], language="7" if case.get("only") == "7" else "5.1")
        wrong += [str(one) for one in found if not any(stand in one.message for stand in STAND_INS)]
    # Each of these is wrong when it runs; the text catches the error itself, or is only to be read.
    expected = {
        "cmd-arg-ipv6": "missing-mandatory",
        "confirm-needs-shouldprocess": "unknown-parameter",
        "compare-empty-null": "bad-value",
        "json-from-errors": "bad-value",
        "bind-error-caught-properties": "unknown-parameter",
    }
    assert [one for one in wrong if expected.get(one.split(":")[0]) != one.split(": ")[1]] == []


BINDING = {
    "NamedParameterNotFound": "unknown-parameter",
    "AmbiguousParameter": "ambiguous-parameter",
    "MissingArgument": "missing-argument",
    "ParameterAlreadyBound": "parameter-twice",
    "PositionalParameterNotFound": "too-many-arguments",
    "MissingMandatoryParameter": "missing-mandatory",
}


def test_what_the_binder_refused_is_found_by_its_rule() -> None:
    seen = set()
    for case in cases("binding.yaml"):
        errors = [one["id"].split(",")[0] for one in case.get("errors", ())]
        found = {one.rule for one in lint_text(case["script"], language="7")} - {"unknown-command"}
        seen |= found
        allowed = {BINDING.get(one, "bad-value") for one in errors} | {"parameter-set"}
        if errors and found:
            assert found <= allowed, case["id"]
    assert seen >= set(BINDING.values())


WORDS = [
    "Get-NetNat", "-Name", "-N", "x", "@a", "$b", "|", ";", "{", "}", "(", ")", "'", '"', "function f", "\n",
    "\0",
    "# psnet: ignore[bad-value]", "param(", "[ValidateSet('a')]", ". ./x.ps1", "using module", ",", "=", "--%",
]  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=3)), max_size=25).map(" ".join))
def test_any_text_is_looked_through(text: str) -> None:
    assert {one.rule for one in lint_text(text)} <= set(RULES)


@given(st.binary(max_size=200))
def test_random_bytes_are_looked_through(raw: bytes) -> None:
    lint_text(raw.decode("utf-8", "replace"))


@pytest.mark.parametrize("text", ["(" * 9000, "{" * 9000, "$(" * 400 + ")" * 400, "!" * 5000 + "1", "$a" + ".b" * 9000])
def test_deep_nesting_is_looked_through(text: str) -> None:
    lint_text(text)


def test_what_a_script_dot_sources_and_imports_is_read(tmp_path: Path) -> None:
    (tmp_path / "lib.ps1").write_text("function Get-Colour { [CmdletBinding()] param([string] $Name) $Name }", "utf-8")
    (tmp_path / "mod.psm1").write_text(". $PSScriptRoot\\lib.ps1", "utf-8")
    script = tmp_path / "main.ps1"
    for line in (". $PSScriptRoot\\lib.ps1", ". .\\lib.ps1", 'Import-Module "$PSScriptRoot\\mod.psm1" -Force'):
        script.write_text(f"{line}\nGet-Colour -Nmae x\nGet-Color\n", "utf-8")
        assert [(one.line, one.rule) for one in lint_file(script)] == [(2, "unknown-parameter"), (3, "unknown-command")]
    script.write_text(". $somewhere\nGet-Colour -Nmae x\n", "utf-8")
    assert lint_file(script) == []


def test_the_command_line_says_it_with_its_exit_code(tmp_path: Path) -> None:
    script = tmp_path / "a.ps1"
    script.write_text("Get-NetNat -Nmae x\n", "utf-8-sig")
    result = run(str(tmp_path))
    assert result.exit_code == 1
    said = "unknown-parameter: Get-NetNat has no parameter -Nmae (did you mean -Name?)"
    assert result.output == f"{script}:1:12: {said}\n"
    data = json.loads(run("--json", str(script)).output)
    assert data["files"] == 1
    assert (data["findings"][0]["id"], data["findings"][0]["column"]) == ("unknown-parameter", 12)
    script.write_text("Get-NetNat\n", "utf-8")
    assert (run(str(script)).exit_code, run(str(script)).output) == (0, "")
    assert isinstance(run(str(tmp_path / "none.ps1")).exception, InputError)
    script.write_text("Get-HnsNetwork\n", "utf-16")
    assert run(str(script)).exit_code == 0
    assert run("--os", "2016", str(script)).exit_code == 1


def test_trees_are_printed_as_they_were_recorded(tmp_path: Path) -> None:
    script = tmp_path / "a.ps1"
    for case in cases("syntax.yaml")[::7]:
        script.write_bytes(case["text"].encode())
        result = run("--tree", "--language", "7", str(script))
        if "tree" in case:
            assert " ".join(result.output.split()) == " ".join(case["tree"].split()), case["id"]
            assert result.exit_code == 0
        else:
            assert [json.loads(line) for line in result.output.splitlines()] == case["errors"], case["id"]
            assert result.exit_code == 1
