"""Plans, results, states and outputs as tables and pictures where a person looks: IPython, Jupyter, rich, a prompt.

The models show themselves by a short repr; ``register`` says how they look to the tools that ask for more.
"""

from __future__ import annotations

import builtins
import sys
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.terminal import echo
from psnet.fleet.converge import HostResult
from psnet.planning import Plan
from psnet.state import HostState
from psnet.transport import Output

if TYPE_CHECKING:
    from collections.abc import Callable

#: The functions of ``psnet.report.prompt`` for each type: text, and HTML where there is any.
_SHOWN: Final[dict[type, tuple[str, str | None]]] = {
    Plan: ("plan_text", "plan_html"),
    HostResult: ("result_text", None),
    HostState: ("state_text", "state_html"),
    Output: ("output_text", "output_html"),
}


def shown(value: Any) -> str | None:
    """Return a value as the command line prints it; None for what has no other form than its repr."""
    names = _SHOWN.get(type(value))
    return _call(names[0], value) if names is not None else None


def register() -> None:
    """Tell rich, a running IPython and Python's own prompt, when a person is at it, how psnet's values look."""
    for kind, (text, _) in _SHOWN.items():
        setattr(kind, "__rich__", _method(text))  # noqa: B010 - the protocol by which rich asks a value
    ipython = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if ipython is not None:
        formatters = ipython.display_formatter.formatters
        for kind, (text, html) in _SHOWN.items():
            formatters["text/plain"].for_type(kind, _printer(text))
            if html is not None:
                formatters["text/html"].for_type(kind, _method(html))
    elif hasattr(sys, "ps1"):
        sys.displayhook = displayhook(sys.displayhook)


def displayhook(other: Callable[[Any], object]) -> Callable[[Any], object]:
    """Return a ``sys.displayhook`` that shows psnet's values as tables and leaves the rest to another hook."""

    def show(value: Any) -> None:
        text = shown(value)
        if text is None:
            other(value)
            return
        builtins._ = value  # type: ignore[attr-defined]
        echo(text)

    return show


def _call(name: str, value: Any) -> str:
    from psnet.report import prompt  # noqa: PLC0415 - pictures and tables only when they are looked at

    made: str = getattr(prompt, name)(value)
    return made


def _method(name: str) -> Callable[[Any], str]:
    return lambda value: _call(name, value)


def _printer(name: str) -> Callable[[Any, Any, bool], None]:
    return lambda value, printer, _cycle: printer.text(_call(name, value))
