# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of ``network_acl``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.action import PsnetAction


class ActionModule(PsnetAction):
    """All ACL rules of one network; rules that are not declared go."""

    module = "network_acl"
