"""The scripts of a change that cuts the connection: launched detached, confirmed afterwards, else rolled back.

The host does all of it by itself: a scheduled task of SYSTEM runs the change and writes a journal that only SYSTEM and
administrators can read; another takes the change back when nobody calls it off in time.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from psnet.planning.script import apply_script, change_body
from psnet.powershell import Templates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.planning import Change, Plan
    from psnet.planning.lease import Lease

_FOLDER: Final = "C:\\ProgramData\\psnet\\runs"


@dataclass(frozen=True, slots=True)
class Detached:
    """One detached change: its name on the host, and the plan of the changes that cut the connection."""

    plan: Plan
    seconds: int
    uplinks: tuple[str, ...]
    lease: Lease | None = None
    name: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def folder(self) -> str:
        """Where its files are on the host."""
        return f"{_FOLDER}\\{self.name}"

    def _names(self) -> dict[str, Any]:
        return {
            "folder": self.folder,
            "child": f"runs\\{self.name}",
            "lease": self.lease.values(self.plan) if self.lease is not None else None,
            "change_task": f"psnet-change-{self.name}",
            "rollback_task": f"psnet-rollback-{self.name}",
        }

    def _command(self, script: str) -> str:
        return f'-NoProfile -NonInteractive -ExecutionPolicy Bypass -File "{self.folder}\\{script}"'

    def launch_script(self) -> str:
        """Return what writes the files, registers the tasks and starts the change."""
        templates = Templates()
        uplink = [templates.render(f"lib/{name}.ps1.j2") for name in ("property", "uplink")]
        files = [
            {"name": "steps.ps1", "text": apply_script(self.plan, hold=False)},
            {"name": "change.ps1", "text": str(templates.render("detach/change.ps1.j2", functions=uplink))},
            {"name": "rollback.ps1", "text": self.rollback_script()},
        ]
        return str(
            templates.render(
                "detach/launch.ps1.j2",
                **self._names(),
                functions=[*_of_lease(templates), *uplink],
                files=files,
                seconds=self.seconds,
                uplinks=list(self.uplinks),
                change_command=self._command("change.ps1"),
                rollback_command=self._command("rollback.ps1"),
            )
        )

    def rollback_script(self) -> str:
        """Return what takes every change back, the last one first."""
        templates = Templates()
        names = ["hns", "property", "docker", "folder", "lease", "settle", "ledger", "ledger_write", "uplink"]
        names += ["firewall_known"] if any(change.kind == "firewall_rule" for change in self.plan.changes) else []
        return str(
            templates.render(
                "detach/rollback.ps1.j2",
                lease=self._names()["lease"],
                functions=[templates.render(f"lib/{name}.ps1.j2") for name in names],
                undo=[_undo(change, templates) for change in reversed(self.plan.changes)],
                rule_names=[change.name for change in self.plan.changes if change.kind == "firewall_rule"],
            )
        )

    def collect_script(self) -> str:
        """Return what reads the journal."""
        names = {key: value for key, value in self._names().items() if key not in ("change_task", "lease", "child")}
        return str(Templates().render("detach/collect.ps1.j2", **names))

    def confirm_script(self) -> str:
        """Return what calls the roll-back off and cleans up."""
        return self._finish(confirm=True)

    def clean_script(self) -> str:
        """Return what cleans up after a roll-back."""
        return self._finish(confirm=False)

    def _finish(self, *, confirm: bool) -> str:
        using = Templates()
        names = {key: value for key, value in self._names().items() if key != "child"}
        functions = _of_lease(using) if self.lease is not None else []
        return str(using.render("detach/finish.ps1.j2", **names, confirm=confirm, functions=functions))

    def start_script(self) -> str:
        """Return what starts the change again: a task may have been started without having run."""
        return str(Templates().render("detach/start.ps1.j2", task=self._names()["change_task"]))

    def withdraw_script(self) -> str:
        """Return what keeps a change that never began from beginning."""
        return str(Templates().render("detach/withdraw.ps1.j2", folder=self.folder))

    def abort_script(self) -> str:
        """Return what starts the roll-back now."""
        return str(Templates().render("detach/abort.ps1.j2", rollback_task=self._names()["rollback_task"]))


def _of_lease(templates: Templates) -> list[Any]:
    return [templates.render(f"lib/{name}.ps1.j2") for name in ("folder", "lease")]


def _undo(change: Change, templates: Templates) -> dict[str, Any]:
    undo = change.undo or {}
    again = undo.get("create")
    if change.kind == "firewall_rule":
        verb = next((word for word in ("create", "update", "remove") if word in undo), "remove")
        values = undo.get(verb) or {"name": change.name}
        made = change_body(change.kind, change.backend, verb, values, templates)
        return {"kind": change.kind, "name": change.name, "verb": verb, "body": made}
    body = change_body(change.kind, change.backend, "create", again, templates) if again is not None else None
    return {
        "kind": change.kind,
        "name": change.name,
        "backend": change.backend,
        "body": body,
        "ledger_key": f"{change.kind}/{change.name}",
        "ledger": undo.get("ledger"),
    }


def read_journal(lines: Iterable[str]) -> tuple[list[str], str | None]:
    """Return the steps' lines and how it stands.

    None until it began, running until it ended, then ended or failed; rolling back, and then rolled back.
    """
    steps: list[str] = []
    status: str | None = None
    for line in lines:
        try:
            said = json.loads(line.lstrip("\ufeff"))
        except ValueError:
            continue
        step = said.get("step") if isinstance(said, dict) else None
        if step == "end" and status in (None, "running"):
            status = "ended" if said.get("status") == "ok" else "failed"
        elif step == "began":
            status = status or "running"
        elif step == "rollback-began":
            status = "rolling back"
        elif step == "rollback":
            status = "rolled back" if said.get("status") == "ok" else "roll-back failed"
        else:
            steps.append(line)
    return steps, status
