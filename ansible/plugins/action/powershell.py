# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of ``powershell``."""

from __future__ import annotations

from typing import Any

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.action import PsnetAction


class ActionModule(PsnetAction):
    """Run a script of the user's own."""

    module = "powershell"
    free = "script"
    supports_raw_params = True

    def prepare(self, args: dict[str, Any], variables: dict[str, Any]) -> bytes | None:
        """Read the script's file."""
        _ = variables
        return self.read("files", str(args["file"])) if args.get("file") else None
