"""The records of runs, kept in the Local Configuration Manager's folder for StatusRetentionTimeInDays."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from psnet.lab.lcm.model import ResourceRun, Run

if TYPE_CHECKING:
    from psnet.lab.lcm.store import Files


def to_data(run: Run) -> dict[str, Any]:
    """Return a run as plain data."""
    data = asdict(run)
    data["start"] = run.start.isoformat()
    for item, made in zip(data["resources"], run.resources, strict=True):
        item["start"] = made.start.isoformat()
    return data


def from_data(data: dict[str, Any]) -> Run:
    """Return the run that ``to_data`` wrote."""
    resources = [
        ResourceRun(**item | {"start": datetime.fromisoformat(item["start"]), "depends_on": tuple(item["depends_on"])})
        for item in data["resources"]
    ]
    return Run(**data | {"start": datetime.fromisoformat(data["start"]), "resources": resources})


class History:
    """The runs of one host, oldest first."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def add(self, run: Run, now: datetime, days: int) -> None:
        """Keep a run and forget those that are too old."""
        records = self._files.jsons()
        for name, data in records.items():
            if datetime.fromisoformat(data["start"]) < now - timedelta(days=days):
                self._files.remove_json(name)
        number = 1 + max((int(name.split("-")[0]) for name in records), default=0)
        self._files.write_json(f"{number:08d}-{run.job_id.strip('{}')}.details.json", to_data(run))

    def runs(self) -> list[Run]:
        """Return all runs."""
        return [from_data(data) for data in self._files.jsons().values()]
