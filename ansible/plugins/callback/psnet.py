# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible's usual output, psnet's check of the tasks before they run, and psnet's recap after them."""

from __future__ import annotations

DOCUMENTATION = r"""
name: psnet
type: stdout
short_description: Ansible's output with psnet's check before and psnet's recap after
description:
  - It prints what the default callback prints.
  - Before anything runs, psnet checks the tasks of this collection, and a mistake is told with its file and line.
  - After the run, it says what was changed on which host, what is not known, and what psnet's checks have found.
  - When the run is interrupted, it says what had been sent to hosts by then, and what became of it.
author: The psnet developers (@psnet)
extends_documentation_fragment:
  - default_callback
  - result_format_callback
requirements:
  - psnet
  - set as stdout in configuration
"""

import atexit
import os
from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleError
from ansible.plugins.callback.default import CallbackModule as Default
from ansible_collections.psnet.windows_containers.plugins.plugin_utils import daemon
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.found import tasks_of

from ansible import constants as C

if TYPE_CHECKING:
    from collections.abc import Callable

_WRONG = 4  # Ansible's exit code for what its parser refuses


class End:
    """Tells psnet that the run is over, or, when the process ends without the counts, that it was cut off."""

    def __init__(self, say: Callable[[list[str]], None]) -> None:
        self.told = True
        self._say, self._process = say, os.getpid()
        atexit.register(self._at_exit)

    def _at_exit(self) -> None:
        if os.getpid() != self._process:
            return  # a worker
        if self.told:
            daemon.tell({"op": "bye"}, 3.0)
            return
        answer = daemon.tell({"op": "interrupt"}, 0.9)
        if answer is not None:
            self._say(list(answer.get("recap") or ()))


def ending(say: Callable[[list[str]], None]) -> End:
    """Return what tells psnet of the end; ``say`` is given the recap of a run that was interrupted."""
    return End(say)


def finished(end: End, counts: dict[str, Any]) -> list[str]:
    """Tell psnet how the run ended; return its recap."""
    end.told = True
    answer = daemon.tell({"op": "stats", "counts": counts}, 10.0)
    return list((answer or {}).get("recap") or ())


def checked(playbook: Any, display: Any, end: End) -> None:
    """Let psnet check the tasks of a playbook; end the process before anything runs when one of them is wrong."""
    tasks = tasks_of(playbook)
    try:
        problems = daemon.ask({"op": "check", "tasks": tasks})["problems"] if tasks else []
    except (AnsibleError, OSError) as error:
        display.display(f"error psnet could not be started: {error}", color=C.COLOR_ERROR, stderr=True)
        raise SystemExit(1) from None
    if not problems:
        end.told = False
        return
    for problem in problems:
        display.display(f"error {problem}", color=C.COLOR_ERROR, stderr=True)
    raise SystemExit(_WRONG)


class CallbackModule(Default):
    """The default callback, and psnet's words."""

    CALLBACK_NAME = "psnet.windows_containers.psnet"

    def __init__(self) -> None:
        super().__init__()
        self._end = ending(lambda lines: self._recap(lines, " [INTERRUPTED]"))

    def v2_playbook_on_start(self, playbook: Any) -> None:
        """Check the tasks."""
        super().v2_playbook_on_start(playbook)
        checked(playbook, self._display, self._end)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Print the recap, and psnet's."""
        super().v2_playbook_on_stats(stats)
        self._recap(finished(self._end, {host: stats.summarize(host) for host in stats.processed}))

    def _recap(self, lines: list[str], ending: str = "") -> None:
        if not lines and not ending:
            return
        self._display.banner("PSNET RECAP" + ending)
        for line in lines or ["nothing had been sent to any host"]:
            self._display.display(line, color=_color(line))
        self._display.display("")


def _color(line: str) -> str | None:
    if ": error: " in line or " failed: " in line or " not known: " in line:
        return C.COLOR_ERROR
    return C.COLOR_WARN if ": warning: " in line else C.COLOR_CHANGED if " changed" in line else None
