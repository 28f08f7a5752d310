# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The short name ``psnet.overlay_peer``, which psnet play knows."""

from ansible_collections.psnet.windows_containers.plugins.action.overlay_peer import ActionModule

__all__ = ["ActionModule"]
