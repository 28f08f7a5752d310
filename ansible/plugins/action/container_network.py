"""The action of ``container_network``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.resource import ResourceAction


class ActionModule(ResourceAction):
    """A network that containers attach to."""

    kind = "container_network"
