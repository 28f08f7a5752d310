# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of ``overlay_peer``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.action import PsnetAction


class ActionModule(PsnetAction):
    """Another host of an overlay network, with the subnet of its containers (RemoteSubnetRoute)."""

    module = "overlay_peer"
