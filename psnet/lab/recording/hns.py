"""HNSCall of a host that plays a recording."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.recording import questions

if TYPE_CHECKING:
    from psnet.lab.host.hns.networks import Hns
    from psnet.lab.recording.answers import Answers

_PATH: Final = re.compile(r"/?(networks|endpoints|policylists|namespaces|globals/version)/?([0-9A-Fa-f-]{36})?/?")
_KEYS: Final = {
    "networks": questions.NETWORKS,
    "endpoints": questions.ENDPOINTS,
    "policylists": questions.LISTS,
    "namespaces": questions.NAMESPACES,
    "globals/version": questions.VERSION,
}
#: Lists that are empty where a recording has other lists of HNS and not these.
_LISTS: Final = ("networks", "endpoints", "policylists")


class PlayedHns:
    """HNS that answers as recorded; what was not recorded the host's own answers."""

    def __init__(self, usual: Hns, answers: Answers) -> None:
        self._usual = usual
        self._answers = answers
        self._alone = answers.has_any(questions.NETWORKS, questions.ENDPOINTS)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._usual, name)

    def call(self, method: str, path: str, body: str) -> str:
        """Answer a call of HNS v1; one that would change something is unsupported."""
        answers = self._answers
        if method != "GET":
            raise UnsupportedError(f"HNS {method} on a host that plays a recording: it answers questions only")
        found = _PATH.fullmatch(path)
        key = _KEYS[found[1]] if found else ""
        if key in answers.failed:
            return json.dumps({"Success": False, "Error": answers.failed[key][1]})
        if found is None or key not in answers.answered:
            if found is not None and not found[2] and self._alone and found[1] in _LISTS:
                return json.dumps({"Success": True, "Output": []})
            return self._usual.call(method, path, body)
        return _answer(answers.answered[key], found[2]) or self._usual.call(method, path, body)


def _answer(recorded: Any, identifier: str | None) -> str | None:
    if identifier is None:
        return json.dumps({"Success": True, "Output": recorded})
    chosen = (item for item in recorded if str(item.get("ID", item.get("Id", ""))).lower() == identifier.lower())
    found = next(chosen, None)
    return None if found is None else json.dumps({"Success": True, "Output": found})
