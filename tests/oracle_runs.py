"""Run recorded cases on the lab's engine: each function returns what differs, "" when nothing does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from psnet.lab.cmdlets import lab_registry
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.execute import run_file
from psnet.lab.engine.flow import PipelineFailed
from psnet.lab.engine.invoke import PipelineCommand, invoke
from psnet.lab.engine.runspace import Runspace
from psnet.lab.engine.streams import Collector
from psnet.lab.run import make_hosts

if TYPE_CHECKING:
    from psnet.lab.engine.execute import ExecResult

# Recorded of 7.1.0-preview.7, which wrote one blank line more after Format-List than 7.4.5 (record fmt-list-select).
OTHER_VERSION = {"k-dotnet-props-json"}
SERIALIZE = "[System.Management.Automation.PSSerializer]::Serialize"
# An error record carries its invocation and its exception's stack and assemblies; their cases are compared loosely.
LOOSE = re.compile(r"<T>System\.Collections\.Generic[^<]*</T>")
# Its lines end as the system's do on which it was recorded.
STACK = re.compile(r'<S N="ErrorDetails_ScriptStackTrace">[^<]*</S>')


def lines(text: str, *, trimmed: bool = False) -> list[str]:
    """Return a text's lines without the blank ones at its end; ``trimmed`` ones lose the blanks at their ends."""
    found = text.replace("\r\n", "\n").rstrip("\n ").split("\n")
    return [line.rstrip() for line in found] if trimmed else found


def languages(case: dict[str, Any]) -> tuple[str, ...]:
    """Return the languages in which a case has a known result."""
    known_51 = "only" not in case or "expect_51" in case or "message_51" in case
    return ("7", "5.1") if known_51 else ("7",)


def executed(case: dict[str, Any], language: str) -> ExecResult:
    """Run a case's script as a file on a fresh host."""
    (host,) = make_hosts(["2022"])
    host.culture = ""  # of the system on which the answers were recorded
    path = f"C:\\Users\\Administrator\\{case['id']}.ps1"
    return run_file(host, case["script"], [], language, path=path, registry=lab_registry(host))


def expected(case: dict[str, Any], language: str) -> list[str]:
    """Return the output that is recorded for a language."""
    return lines(str(case["expect_51"] if language == "5.1" and "expect_51" in case else case["expect"]))


def semantics(case: dict[str, Any], language: str) -> str:
    """Compare output and the ids of unhandled errors."""
    try:
        result = executed(case, language)
    except UnsupportedError as refused:
        return str(refused)
    # What was recorded of 7.4.5 keeps a table's blanks at the end of a line; the recorder of sets 2 and 3 cut them.
    trimmed = case["id"][:2] in {"n-", "k-", "q-"}
    want = (lines("\n".join(expected(case, language)), trimmed=trimmed), list(case.get("errors", [])))
    got = (lines("\n".join(result.stdout), trimmed=trimmed), list(result.errors))
    if case["id"] in OTHER_VERSION:
        want, got = (([line for line in side[0] if line], side[1]) for side in (want, got))
    return "" if want == got else f"wrong: {got} instead of {want}"


def binding(case: dict[str, Any], language: str) -> str:
    """Compare output and each error's id, type, message and category."""
    try:
        result = executed(case, language)
    except UnsupportedError as refused:
        return str(refused)
    errors = [(one["id"], one["type"], lines(one["message"]), one["category"]) for one in case["errors"]]
    if language == "5.1" and "message_51" in case:
        errors[0] = (errors[0][0], errors[0][1], lines(case["message_51"]), errors[0][3])
    found = [
        (one.full_id, one.exception.type_names[0], lines(one.exception.message), one.category.name)
        for one in result.records
    ]
    want, got = (expected(case, language), errors), (lines("\n".join(result.stdout)), found)
    return "" if want == got else f"wrong: {got} instead of {want}"


def clixml(case: dict[str, Any]) -> str:
    """Compare the document that PSSerializer writes, or the inner message of its refusal."""
    (host,) = make_hosts(["2022"])
    host.zone = ZoneInfo("Europe/Berlin")
    setup = f"{case['setup']}\n" if "setup" in case else ""
    script = f"{setup}$value = {case['expr']}\n{SERIALIZE}($value, {case['depth']})"
    sink = Collector()
    try:
        invoke(Runspace(host, "7", registry=lab_registry(host)), [PipelineCommand(script, is_script=True)], None, sink)
    except UnsupportedError as refused:
        return str(refused)
    except PipelineFailed as failed:
        sink.errors.append(failed.record)
    if "error" in case:
        inner = sink.errors[0].exception.inner if sink.errors else None
        return "" if inner is not None and inner.message == case["error"] else f"wrong: not refused as {case['error']}"
    got = LOOSE.sub("", "\n".join(str(value) for value in sink.values).replace("\r\n", "\n")).rstrip()
    got = STACK.sub(lambda found: found[0].replace("_x000D__x000A_", "_x000A_"), got)
    return "" if got == LOOSE.sub("", case["clixml"]).rstrip() else "wrong: the document differs"
