"""The action of ``nat_static_mapping``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.resource import ResourceAction


class ActionModule(ResourceAction):
    """Ports of the host that lead to a container's address on a nat network."""

    kind = "nat_static_mapping"
