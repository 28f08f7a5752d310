# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of ``copy``."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.action import PsnetAction
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.values import plain


class ActionModule(PsnetAction):
    """Write a file on a host where it differs."""

    module = "copy"

    def prepare(self, args: dict[str, Any], variables: dict[str, Any]) -> bytes | None:
        """Read the file, or take the text; data that is no text becomes JSON."""
        _ = variables
        if args.get("src"):
            return self.read("files", str(args["src"]))
        if args.get("content") is None:
            return None
        content, args["content"] = args["content"], ""
        return (content if isinstance(content, str) else json.dumps(plain(content), ensure_ascii=False)).encode()
