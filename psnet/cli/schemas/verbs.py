"""The verbs that have ``--json``, and the type of what each of them prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import TypeAdapter

from psnet._internal.json_schema import stable
from psnet.adoption.compare import Difference
from psnet.cli.schemas import models
from psnet.dsc.status import DscResult
from psnet.fleet import HostResult
from psnet.fleet.events import events_schema
from psnet.journal.compare import HostDifference
from psnet.planning import Plan
from psnet.planning.saved import SavedPlans
from psnet.resources import Finding
from psnet.sdn.state import ControllerState
from psnet.sdn.trace import TraceOutcome
from psnet.state import HostState

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE: Final = "#/$defs/{model}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a verb prints: one ``document``, or ``lines`` of events whose host_finished has a result of ``type``."""

    form: Literal["document", "lines", "play"]
    type: Any
    about: str


def _lines(result: Any, about: str) -> Answer:
    return Answer("lines", result, about)


def _document(kind: Any, about: str) -> Answer:
    return Answer("document", kind, about)


_APPLIED: Final = "the plan, the outcome of each change, and what is left"
_DSC: Final = "what the host's Local Configuration Manager says"

#: Verb -> what it prints with --json (runs export prints it without).
ANSWERS: Final[dict[str, Answer]] = {
    "adopt": _document(models.Adopted, "what was written, and whether it proved itself"),
    "apply": _lines(HostResult, _APPLIED),
    "check": _document(models.CheckedScripts, "what is wrong with PowerShell files"),
    "destroy": _lines(HostResult | Plan, f"{_APPLIED}; with --out the plan"),
    "diff": _document(dict[str, tuple[Difference, ...]], "the two that are compared, to how they differ"),
    "doctor": _lines(
        tuple[Finding, ...] | HostResult | models.CollectedParts,
        "the findings; of the mending with --fix as of apply; with --collect what was taken",
    ),
    "dsc get": _lines(tuple[dict[str, Any], ...], "the properties of each resource, by their names in PowerShell"),
    "dsc lcm": _lines(DscResult, _DSC),
    "dsc publish": _lines(DscResult, _DSC),
    "dsc remove": _lines(DscResult, _DSC),
    "dsc serve key list": _document(tuple[models.ListedKey, ...], "the registration keys"),
    "dsc start": _lines(DscResult, _DSC),
    "dsc status": _lines(DscResult, _DSC),
    "dsc test": _lines(DscResult, _DSC),
    "dsc update": _lines(DscResult, _DSC),
    "inventory list": _document(tuple[models.ListedHost, ...], "the hosts"),
    "inventory show": _document(models.ListedHost, "the host"),
    "lab exec": _document(models.ExecutedScript, "what the script printed"),
    "lint": _document(tuple[models.SiteFinding, ...], "what Windows would say against the site"),
    "observe": _lines(HostState, "the host's state"),
    "plan": _lines(Plan, "the plan, as plan --out saves it"),
    "play": Answer("play", None, "the run of a playbook"),
    "run": _lines(models.ScriptAnswer, "what the script gave"),
    "runs diff": _document(tuple[HostDifference, ...], "the hosts that differ"),
    "runs export": _document(models.RecordedRun, "the run"),
    "runs list": _document(tuple[models.CountedRun, ...], "the runs, the newest first"),
    "runs resume": _lines(HostResult, _APPLIED),
    "runs show": _document(models.RecordedRun, "the run"),
    "sdn show": _document(ControllerState, "what the Network Controller has"),
    "sdn trace": _document(TraceOutcome, "the verdict, and each way with its steps"),
    "show": _document(SavedPlans, "the saved plan"),
    "trace": _document(models.TracedPort, "the steps with their evidence, and the verdict"),
    "validate": _document(tuple[models.ValidatedSite, ...], "each file with what was found"),
    "watch": _lines(Plan, "the plan; drift_seen follows each round"),
}


def verb_schema(verb: str) -> dict[str, Any]:
    """Return the schema of what a verb prints: of its document, or of each of its lines; KeyError for another verb."""
    answer = ANSWERS[verb]
    if answer.form == "lines":
        made = _line_schema(answer.type)
    elif answer.form == "play":
        made = _typed(models.PlayBegan | models.TaskBegan | models.TaskEnded | models.PlaybookEnded)
    else:
        made = _typed(answer.type)
    failure = _typed(models.Failure)
    definitions = {**made.pop("$defs", {}), **failure.pop("$defs", {})}
    what = "one document" if answer.form == "document" else "each line"
    title = f"psnet {verb}{'' if verb == 'runs export' else ' --json'}: {what}"
    branches, defined = [_plain(made), _plain(failure)], _plain(dict(sorted(definitions.items())), names=True)
    return {"$schema": _DIALECT, "title": title, "anyOf": branches, "$defs": defined}


def _typed(kind: Any) -> dict[str, Any]:
    made: dict[str, Any] = stable(TypeAdapter(kind).json_schema(mode="serialization", ref_template=_REFERENCE))
    return made


def _line_schema(result: Any) -> dict[str, Any]:
    """Return the schema of events, where the result of a host is what the verb has for it."""
    made = events_schema()
    del made["$schema"]
    own = _typed(result)
    made["$defs"] |= own.pop("$defs", {})
    finished = made["$defs"]["HostFinished"]
    finished["properties"]["result"] = {"description": "what the command has for the host", **own}
    return made


def _plain(schema: Any, *, names: bool = False) -> Any:
    """Return a schema without the titles that only repeat a property's name."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _plain(value, names=not names and key == "properties")
        for key, value in schema.items()
        if names or key != "title"
    }
