# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run as JSON, one event a line."""

from __future__ import annotations

DOCUMENTATION = r"""
name: events
type: stdout
short_description: The run as JSON, one event a line
description:
  - It prints one JSON object a line, with C(event), C(run) and C(time), in the form of psnet's own events.
  - Before anything runs, psnet checks the tasks of this collection, and a mistake is told with its file and line.
author: The psnet developers (@psnet)
requirements:
  - psnet
  - set as stdout in configuration
"""

import json
import os
from datetime import UTC, datetime
from typing import Any

from ansible_collections.psnet.windows_containers.plugins.callback.psnet import checked, ending, finished
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.values import plain

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    """Prints what happens as values."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "psnet.windows_containers.events"

    def __init__(self) -> None:
        super().__init__()
        self._end = ending(lambda lines: self._tell("run_ended", counts={}, status="interrupted", recap=lines))

    def v2_playbook_on_start(self, playbook: Any) -> None:
        """Check the tasks."""
        checked(playbook, self._display, self._end)

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """Tell a play."""
        self._tell("play_began", name=play.get_name(), check=bool(play.check_mode))

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:  # noqa: ARG002, FBT001
        """Tell a task."""
        self._began(task, handler=False)

    def v2_playbook_on_handler_task_start(self, task: Any) -> None:
        """Tell a handler."""
        self._began(task, handler=True)

    def v2_runner_on_ok(self, result: Any) -> None:
        """Tell how a task ended."""
        self._ended(result, "changed" if result.result.get("changed") else "ok")

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:  # noqa: FBT001, FBT002
        """Tell how a task ended."""
        self._ended(result, "ignored" if ignore_errors else "failed")

    def v2_runner_on_skipped(self, result: Any) -> None:
        """Tell how a task ended."""
        self._ended(result, "skipped")

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Tell how a task ended."""
        self._ended(result, "unreachable")

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Tell the counts of each host."""
        counts = {host: stats.summarize(host) for host in sorted(stats.processed)}
        self._tell("run_ended", counts=counts, status="done", recap=finished(self._end, counts))

    def _began(self, task: Any, *, handler: bool) -> None:
        self._tell("task_began", title=task.get_name(), where=task.get_path(), handler=handler)

    def _ended(self, result: Any, status: str) -> None:
        task = result.task
        said = {key: value for key, value in dict(result.result).items() if not str(key).startswith("_ansible")}
        self._tell(
            "task_ended",
            host=result.host.get_name(),
            title=task.get_name(),
            module=str(getattr(task, "resolved_action", None) or task.action),
            where=task.get_path(),
            status=status,
            result=plain(said),
        )

    def _tell(self, event: str, **values: Any) -> None:
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        run = os.environ.get("PSNET_RUN")
        self._display.display(json.dumps({"event": event, "run": run, "time": time, **values}, default=str))
