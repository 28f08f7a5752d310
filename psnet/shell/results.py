"""The results of one call on many hosts: a value for each host, or the error why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from psnet._internal.text import markup, printable_lines
from psnet.errors import HostError, PsnetError, UnknownNameError
from psnet.fleet.converge import HostResult
from psnet.planning import Plan
from psnet.report.plans import plan_summary
from psnet.report.prompt import output_html, output_text
from psnet.report.results import result_summary
from psnet.state import HostState
from psnet.transport import Output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.fleet import FleetRun, HostRun

T = TypeVar("T")


class ResultsByHost(Mapping[str, T]):
    """Answers by host, in the order of the hosts. ``answers["web01"]`` raises what that host ended with."""

    def __init__(self, run: FleetRun[T]) -> None:
        self.run = run
        self._by_name = {answer.host.name: answer for answer in run.hosts}

    def __getitem__(self, name: str) -> T:
        answer = self._by_name.get(name)
        if answer is None:
            raise UnknownNameError(f"{name} was not asked", remedy=f"these were: {', '.join(self._by_name)}")
        error = _error(answer)
        if error is not None:
            raise error
        return answer.value  # type: ignore[return-value]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    @property
    def good(self) -> dict[str, T]:
        """What those hosts said that said something."""
        return {name: answer.value for name, answer in self._by_name.items() if answer.value is not None}

    @property
    def errors(self) -> dict[str, PsnetError]:
        """Why the others said nothing."""
        found = {name: _error(answer) for name, answer in self._by_name.items()}
        return {name: error for name, error in found.items() if error is not None}

    def __repr__(self) -> str:
        return printable_lines("\n".join(_line(name, answer) for name, answer in self._by_name.items()))

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th style="text-align:left;vertical-align:top">{markup(name)}</th>'
            f'<td style="text-align:left">{_cell(answer)}</td></tr>'
            for name, answer in self._by_name.items()
        )
        return f"<table>{rows}</table>"


def _error(answer: HostRun[Any]) -> PsnetError | None:
    if answer.error is not None:
        return answer.error
    if answer.not_begun is not None:
        return HostError(f"not begun: {answer.not_begun}", host=answer.host.name)
    return None


def _said(value: Any) -> str:
    """Return what a host said, in a line or a table."""
    if isinstance(value, Plan):
        return plan_summary(value).plain.partition(": ")[2]
    if isinstance(value, HostResult):
        return result_summary(value).plain.partition(": ")[2]
    if isinstance(value, HostState):
        facts = value.facts
        counted = ((value.networks, "network"), (value.endpoints, "endpoint"), (value.mappings, "mapped port"))
        words = [f"{len(items)} {word}{'s' * (len(items) != 1)}" for items, word in counted]
        return f"{facts.product}, build {facts.build}: {', '.join(words)}"
    return output_text(value) if isinstance(value, Output) else str(value)


def _line(name: str, answer: HostRun[Any]) -> str:
    error = _error(answer)
    said = error.message if error is not None else _said(answer.value)
    if "\n" not in said:
        return f"{name}: {said}"
    return f"{name}:\n" + "\n".join(f"  {line}" for line in said.splitlines())


def _cell(answer: HostRun[Any]) -> str:
    error = _error(answer)
    if error is not None:
        return f'<span style="color:#cf222e">{markup(error.message)}</span>'
    if isinstance(answer.value, Output):
        return output_html(answer.value)
    return markup(_said(answer.value))
