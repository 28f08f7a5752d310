"""What commands print with ``--json`` that no other model says: one document each."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from psnet._internal.model import Model
from psnet.checks.trace import TraceStep, Verdict
from psnet.fleet.events import ErrorData
from psnet.resources import Finding


class _Printed(Model):
    """Something that is only ever printed: each of its fields is always there."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class Failure(Model):
    """What is printed instead of an answer, or after lines of one, when the command ends with an error."""

    error: ErrorData = Field(description="the error that the command ended with")


class AdoptedGroup(_Printed):
    """Hosts that have the same things, and the site that says what."""

    name: str = Field(description="the group in the inventory that was written")
    site: str = Field(description="the path of the site")
    hosts: tuple[str, ...] = Field(description="the hosts of the group")
    declared: tuple[str, ...] = Field(description="what the site declares, by kind and name")
    variables: dict[str, dict[str, Any]] = Field(description="host to the variables by which it differs")


class UndeclaredThing(_Printed):
    """Something on a host that no site can say."""

    what: str = Field(description="what it is")
    reason: str = Field(description="why no site can say it")


class Adopted(_Printed):
    """What ``psnet adopt`` wrote, and whether it proved itself."""

    inventory: str = Field(description="the path of the inventory that was written")
    groups: tuple[AdoptedGroup, ...] = Field(description="alike hosts together")
    undeclared: dict[str, tuple[UndeclaredThing, ...]] = Field(description="host to what could not be declared")
    empty: dict[str, bool] = Field(description="host to whether the plan of what was written is empty")


class ScriptFinding(_Printed):
    """One thing wrong in one place of a PowerShell text."""

    file: str = Field(description="the file, and of a template the rendering")
    line: int = Field(description="from 1", ge=1)
    column: int = Field(description="from 1", ge=1)
    id: str = Field(description="the rule; docs/check.md lists them")
    analyzer: str | None = Field(description="PSScriptAnalyzer's name of the same rule")
    message: str = Field(description="what is wrong")
    remedy: str | None = Field(description="what to write instead")


class CheckedScripts(_Printed):
    """What ``psnet check`` found."""

    files: int = Field(description="how many files were read", ge=0)
    findings: tuple[ScriptFinding, ...] = Field(description="in the order of files and lines")


class SiteFinding(Finding):
    """What Windows would say against what is declared, and which Windows."""

    os: tuple[str, ...] = Field(description="the Windows Servers that say so")


class SiteProblem(_Printed):
    """One thing that makes a file no site."""

    line: int | None = Field(description="from 1; null when the whole file is meant")
    column: int | None = Field(description="from 1")
    key: str | None = Field(description="the key or value that is meant")
    message: str = Field(description="what is wrong")
    remedy: str | None = Field(description="what to write instead")


class ValidatedSite(_Printed):
    """What ``psnet validate`` found in one file."""

    site: str = Field(description="the file")
    valid: bool = Field(description="whether no error was found")
    problems: tuple[SiteProblem, ...] = Field(description="what makes it no site")
    findings: tuple[SiteFinding, ...] = Field(description="what Windows would say against it")
    open: tuple[str, ...] = Field(description="templates that no inventory fills: they were not checked")


class ListedHost(_Printed):
    """A host of an inventory, without its secrets."""

    name: str = Field(description="the host's name")
    groups: tuple[str, ...] = Field(description="the groups that it belongs to")
    connection: dict[str, Any] = Field(description="how it is reached, as the inventory says; *** stands for a secret")
    variables: dict[str, Any] = Field(description="its variables; *** stands for what is or sounds like a secret")


class ListedRun(_Printed):
    """A run of the journal."""

    id: str = Field(description="the run's id")
    command: str = Field(description="the command without psnet, such as apply or dsc start")
    site: str = Field(description="the path of the site, absolute; empty without one")
    inventory: str = Field(description="the paths of the inventory, absolute")
    options: dict[str, Any] = Field(description="forks, serial, max_fail, order, canary, executor, and its own")
    started: str = Field(description="ISO 8601 in UTC")
    ended: str | None = Field(description="ISO 8601 in UTC; null while it runs, or when it was killed")
    status: Literal["running", "done", "failed", "interrupted"] = Field(description="how it ended")


class CountedRun(ListedRun):
    """A run with its hosts counted."""

    hosts: dict[str, int] = Field(description="status to the number of hosts that have it")


class RecordedChange(_Printed):
    """One change of a run and what became of it."""

    change: str = Field(description="its id in the plan")
    kind: str = Field(description="the kind of thing, such as container_network")
    name: str = Field(description="the thing's name")
    operation: str = Field(description="create, update, replace or remove; of a play the module")
    status: str = Field(description="planned, sent, changed, failed, skipped, unknown or ok")
    error_id: str | None = Field(description="PowerShell's FullyQualifiedErrorId")
    message: str | None = Field(description="what PowerShell said")


class RecordedHost(_Printed):
    """One host of a run."""

    host: str = Field(description="the host's name")
    status: str = Field(description="as in events, and waiting, running, applying, error, not begun")
    started: str | None = Field(description="ISO 8601 in UTC")
    ended: str | None = Field(description="ISO 8601 in UTC")
    error: str | None = Field(description="the error that its work ended with")
    plan: dict[str, Any] | None = Field(description="its plan, as psnet plan --out saves it")
    findings: tuple[Finding, ...] = Field(description="what psnet doctor found")
    changes: tuple[RecordedChange, ...] = Field(description="in the order of the plan")


class RecordedRun(ListedRun):
    """One run with each of its hosts and changes."""

    hosts: tuple[RecordedHost, ...] = Field(description="in the order of the run")


class ListedKey(_Printed):
    """A registration key of the pull server, without its secret."""

    id: str = Field(description="the key's id")
    name: str = Field(description="the key's name, for people")
    allow: tuple[str, ...] = Field(description="patterns of the configurations that it opens")
    created: str = Field(description="ISO 8601 in UTC")
    revoked: str | None = Field(description="when it was revoked")
    used: str | None = Field(description="when a node last registered with it")


class ExecutedScript(_Printed):
    """What a script printed on a lab host."""

    stdout: tuple[str, ...] = Field(description="the lines of standard output")
    errors: tuple[str, ...] = Field(description="FullyQualifiedErrorIds, in their order")
    warnings: tuple[str, ...] = Field(description="the texts of the warning stream")
    verbose: tuple[str, ...] = Field(description="the texts of the verbose stream")
    exit_code: int = Field(description="what powershell.exe would exit with")


class ScriptError(_Printed):
    """One error of a script."""

    message: str = Field(description="what PowerShell said")
    error_id: str = Field(description="its FullyQualifiedErrorId")
    category: str = Field(description="its category, such as InvalidArgument")
    line: int | None = Field(description="the line of the script")


class ScriptAnswer(_Printed):
    """What a script gave on one host."""

    objects: tuple[Any, ...] = Field(description="the objects of the output stream")
    errors: tuple[ScriptError, ...] = Field(description="the errors of the error stream")
    warnings: tuple[str, ...] = Field(description="the texts of the warning stream")
    verbose: tuple[str, ...] = Field(description="the texts of the verbose stream")
    information: tuple[str, ...] = Field(description="the texts of the information stream")
    stopped: bool = Field(description="whether it was stopped before its end")


class TracedPort(_Printed):
    """The way of a port from outside to its container."""

    host: str = Field(description="the host's name")
    port: int = Field(description="the port on the host", ge=1, le=65535)
    protocol: Literal["TCP", "UDP"]
    steps: tuple[TraceStep, ...] = Field(description="in the order of a packet")
    verdict: Verdict = Field(description="shut when a step is, else the least known of them")


class CollectedParts(_Printed):
    """What ``psnet doctor --collect`` took of one host."""

    host: str = Field(description="the host's name")
    files: dict[str, int] = Field(description="file in the archive to its bytes")
    not_read: dict[str, str] = Field(description="part that could not be read to the reason")
    taken_out: dict[str, int] = Field(description="kind of secret to how many were taken out")


class PlayBegan(_Printed):
    """A play of a playbook begins."""

    event: Literal["play_began"]
    run: str | None = Field(description="the run's id, as in psnet runs")
    time: str = Field(description="when, as ISO 8601 in UTC")
    name: str = Field(description="the play's name")
    check: bool = Field(description="whether nothing is changed (--check)")


class TaskBegan(_Printed):
    """A task or handler begins."""

    event: Literal["task_began"]
    run: str | None = Field(description="the run's id, as in psnet runs")
    time: str = Field(description="when, as ISO 8601 in UTC")
    title: str = Field(description="the task's name")
    where: str | None = Field(description="its file and line")
    handler: bool = Field(description="whether it is a handler")


class TaskEnded(_Printed):
    """A task has ended on a host, or one item of its loop."""

    event: Literal["task_ended"]
    run: str | None = Field(description="the run's id, as in psnet runs")
    time: str = Field(description="when, as ISO 8601 in UTC")
    host: str = Field(description="the host's name in the inventory")
    title: str = Field(description="the task's name")
    module: str = Field(description="its module or action, with its collection")
    where: str | None = Field(description="its file and line")
    status: Literal["ok", "changed", "failed", "ignored", "skipped", "unreachable"]
    result: dict[str, Any] = Field(description="what the module returned")


class PlaybookEnded(_Printed):
    """The last line of a playbook's run."""

    event: Literal["run_ended"]
    run: str | None = Field(description="the run's id, as in psnet runs")
    time: str = Field(description="when, as ISO 8601 in UTC")
    counts: dict[str, dict[str, int]] = Field(description="host to Ansible's counts: ok, changed, failures, ...")
    status: Literal["done", "interrupted"]
    recap: tuple[str, ...] = Field(description="the lines of the recap, for people")
