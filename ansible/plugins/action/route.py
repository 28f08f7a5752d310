"""The action of ``route``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.resource import ResourceAction


class ActionModule(ResourceAction):
    """All routes of one endpoint; routes that are not declared go."""

    kind = "route"
