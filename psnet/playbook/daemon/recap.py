"""A summary of what a run did to hosts, from the events that the journal receives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from psnet.fleet import events

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_WORDS: Final = {
    "changed": "changed",
    "failed": "failed",
    "skipped": "not done, since what it needs failed",
    "unknown": "not known: the session ended before the host said",
    "sent": "not known: it was sent, and the run ended before the host said",
}


@dataclass(slots=True)
class ChangeRecap:
    """Every change that was sent, by host, and what became of it; and what checks found."""

    changes: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    findings: dict[str, dict[str, str]] = field(default_factory=dict)
    _told: dict[tuple[str, str], str] = field(default_factory=dict)

    def handle(self, received: Sequence[events.Event]) -> None:
        """Count events."""
        for event in received:
            if isinstance(event, events.HostPlanned) and event.sent:
                mine = self.changes.setdefault(event.host, {})
                for step in event.changes:
                    mine.setdefault(step.id, (f"{step.operation} {step.kind} {step.name}", "sent"))
            elif isinstance(event, events.ChangeDone):
                done = event.change
                named = f"{done.operation} {done.kind} {done.name}"
                self.changes.setdefault(event.host, {})[done.id] = (named, done.status)

    def record_findings(self, host: str, result: Mapping[str, Any]) -> None:
        """Record the findings of a task's plan."""
        for item in result.get("findings") or ():
            said = f"{item['severity']}: {item['reason']}" + (f" ({item['remedy']})" if item.get("remedy") else "")
            self.findings.setdefault(host, {})[f"{item['id']} {item['reason']}"] = said

    def counts(self, host: str) -> dict[str, int]:
        """Return the counts of a host in Ansible's words, as far as changes tell."""
        statuses = [status for _, status in self.changes.get(host, {}).values()]
        bad = sum(status in ("failed", "unknown", "sent") for status in statuses)
        return {"changed": statuses.count("changed"), "failed": bad, "unreachable": 0}

    def lines(self, unclaimed: Mapping[str, Sequence[str]], *, whole: bool) -> Iterator[str]:
        """Yield what was not told yet: hosts in order of their names; ``whole`` names what was changed, too."""
        for host in sorted({*self.changes, *self.findings, *unclaimed}):
            by_status: dict[str, list[str]] = {}
            for key, (named, status) in self.changes.get(host, {}).items():
                if self._told.get((host, key)) != status:
                    by_status.setdefault(status, []).append(named)
                self._told[host, key] = status
            for status, words in _WORDS.items():
                told = by_status.get(status, [])
                if told and (whole or status != "changed"):
                    yield f"{host}: {len(told)} {words}: {', '.join(told)}"
                elif told:
                    yield f"{host}: {len(told)} {words}"
            if unclaimed.get(host):
                yield f"{host}: done before the run came to the task: {', '.join(unclaimed[host])}"
            for key, said in self.findings.get(host, {}).items():
                if self._told.get((host, key)) is None:
                    yield f"{host}: {said}"
                self._told[host, key] = said
