"""The action of ``load_balancer``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.resource import ResourceAction


class ActionModule(ResourceAction):
    """A virtual address and port in front of endpoints."""

    kind = "load_balancer"
