"""What situations share: a host asked what psnet records, HNS asked by hand, scripts run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.execute import ExecResult, run_file
from psnet.lab.host.docker_cli import run_docker
from psnet.observe.record import read_recording, record_script
from psnet.recording import Difference, Record, compare_recordings

if TYPE_CHECKING:
    from psnet.lab.contract.programs import ProgramResult
    from psnet.lab.labhost import LabHost


def recorded(host: LabHost, record: Record) -> list[Difference]:
    """Ask a host everything that psnet records, and compare what answers the record."""
    result = run_file(host, record_script(), registry=lab_registry(host), width=10_000_000)
    ((_, found),) = compare_recordings([record], read_recording(result.stdout, host.name))
    assert found is not None, "psnet records no such answer"
    return found


def hns(host: LabHost, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(host.hns.call(method, path, json.dumps(body) if body is not None else ""))
    return answer


def made(host: LabHost, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = hns(host, "POST", path, body)
    assert answer["Success"], answer
    found: dict[str, Any] = answer["Output"]
    return found


def docker(host: LabHost, line: str) -> ProgramResult:
    return run_docker(host, line.split(), [])


def script(host: LabHost, text: str) -> ExecResult:
    return run_file(host, text, registry=lab_registry(host), width=1_000_000)


def refusal(answer: dict[str, Any], code: str, text: str) -> list[Difference]:
    """Compare a refused HNS call with the recorded code and text; both without the blank at their end."""
    found: list[Difference] = []
    if answer.get("Success", True):
        return [Difference("Success", "value", "false", "true")]
    said = f"0x{answer.get('ErrorCode', 0):08x}"
    if code and said != code:
        found.append(Difference("ErrorCode", "value", code, said))
    if text.rstrip(". ") != str(answer["Error"]).rstrip(". "):
        found.append(Difference("Error", "value", text, str(answer["Error"])))
    return found


def equal(where: str, recorded_: Any, answered: Any) -> list[Difference]:
    return [] if recorded_ == answered else [Difference(where, "value", repr(recorded_), repr(answered))]


def holds(what: str, condition: object) -> list[Difference]:
    return [] if condition else [Difference(what, "missing")]
