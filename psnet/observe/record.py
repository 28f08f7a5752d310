"""The script that records what a host answers, and the recording that its output makes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.validation_messages import answer_fault
from psnet.errors import HostError
from psnet.powershell import Templates
from psnet.recording import Record
from psnet.recording.questions import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterable

_HNS: Final = "GET /"
_NONE: Final = "0"


def record_script(templates: Templates | None = None) -> str:
    """Return the script that records a host; it takes no arguments, changes nothing and prints one line of JSON."""
    using = templates or Templates()
    return str(using.render("record.ps1.j2", functions=[using.render("lib/plain.ps1.j2")]))


def read_recording(lines: Iterable[str], host: str, date: str = "") -> tuple[Record, ...]:
    """Return the recording from what the script printed; raise HostError when that is none. Nothing is redacted yet."""
    try:
        data = json.loads("".join(lines))
        answers = [_answer(item) for item in data["records"]]
        system: dict[str, Any] = next((item["output"] for item in answers if item["command"] == SYSTEM), [{}])[0]
        runtime = "docker" if any(item["command"].startswith("docker") for item in answers) else ""
        return tuple(
            Record(
                id=f"r{place:02d}",
                source="psnet record",
                date=date,
                build=str(system.get("BuildNumber", "unknown")),
                product=f"{system.get('Caption', 'Windows')} ({data['culture']})",
                runtime=runtime,
                **item,
            )
            for place, item in enumerate(answers, 1)
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise HostError(
            f"what the host answered is no recording: {answer_fault(error)}",
            host=host,
            step="recording",
            remedy="run `psnet record --script` by hand on the host and compare",
        ) from error


def _answer(item: dict[str, Any]) -> dict[str, Any]:
    """Return command and output, or command and error, of one answer; text that is JSON becomes data."""
    command = item["command"]
    if item.get("error"):
        return {"command": command, "error": {key: str(value) for key, value in item["error"].items()}}
    if "text" not in item:
        return {"command": command, "output": item["output"] or []}
    text = str(item["text"] or "")
    if command.startswith(_HNS):
        answer = json.loads(text) if text else {}
        if not answer.get("Success", True):
            return {"command": command, "error": {"text": str(answer.get("Error", "")), "id": _code(answer)}}
        return {"command": command, "output": answer.get("Output", [] if command.endswith("s/") else None)}
    if command == "docker network inspect":
        return {"command": command, "output": json.loads(text) if text else []}
    if command == "docker network ls":
        rows = [json.loads(line) for line in text.splitlines() if line]
        shown = [{"NETWORK ID": row["ID"], **{key.upper(): row[key] for key in _SHOWN if key in row}} for row in rows]
        return {"command": command, "output": shown}
    return {"command": command, "output": text.split("\n")}


_SHOWN: Final = ("Name", "Driver", "Scope")


def _code(answer: dict[str, Any]) -> str:
    code = answer.get("ErrorCode")
    return f"0x{code:08x}" if isinstance(code, int) else _NONE
