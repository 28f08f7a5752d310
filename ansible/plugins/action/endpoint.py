"""The action of ``endpoint``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.resource import ResourceAction


class ActionModule(ResourceAction):
    """An endpoint on a network, with a fixed address or the next free one."""

    kind = "endpoint"
