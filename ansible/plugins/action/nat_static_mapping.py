# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of ``nat_static_mapping``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.action import PsnetAction


class ActionModule(PsnetAction):
    """Ports of the host that lead to an address on a network; the plan says which way they take on a host."""

    module = "nat_static_mapping"
