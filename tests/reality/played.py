"""What psnet reads from the host of a record, in this process: the record played, observed by the script that ships."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.execute import run_file
from psnet.lab.recording import played_host
from psnet.lab.recording.answers import Answers
from psnet.observe.read import ObserveScope, observe_script, read_state
from psnet.recording import Record
from reality.records import records

if TYPE_CHECKING:
    from psnet.lab.labhost import LabHost
    from psnet.state import HostState


def record(identifier: str) -> Record:
    """Return a record of the public recordings."""
    return Record.model_validate(records()[identifier])


def host_of(*identifiers: str) -> LabHost:
    """Return the host that these records show."""
    return played_host([record(item) for item in identifiers])


@cache
def state_of(*identifiers: str) -> HostState:
    """Return what observe reads from the host of these records."""
    return observed(host_of(*identifiers))


def observed(host: LabHost) -> HostState:
    """Return all that observe can read from a host."""
    whole = ObserveScope(health=True, networks=True, endpoints=True)
    result = run_file(host, observe_script(whole), registry=lab_registry(host), width=1_000_000)
    assert result.errors == [], result.stderr_text
    return read_state(result.stdout, host.name)


@cache
def playable() -> list[str]:
    """Return the ids of all records that a host can answer with."""
    return [item for item in records() if not _unplayed(item)]


def _unplayed(identifier: str) -> list[str]:
    return Answers.of([record(identifier)]).unplayed
