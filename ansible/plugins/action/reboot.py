# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of ``reboot``."""

from __future__ import annotations

from typing import Any

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.action import PsnetAction


class ActionModule(PsnetAction):
    """Restart a host, wait for it, and apply a site again."""

    module = "reboot"

    def prepare(self, args: dict[str, Any], variables: dict[str, Any]) -> bytes | None:
        """Find the site."""
        _ = variables
        if args.get("site"):
            args["site"] = self.needle("files", str(args["site"]))
        return None
