"""The action of ``proxy``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.resource import ResourceAction


class ActionModule(ResourceAction):
    """A layer-4 proxy that takes what an endpoint sends."""

    kind = "proxy"
