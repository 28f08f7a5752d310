"""The action of ``qos``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.resource import ResourceAction


class ActionModule(ResourceAction):
    """The limit of what an endpoint sends."""

    kind = "qos"
