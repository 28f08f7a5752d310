"""The action of ``reapply``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.resource import ResourceAction


class ActionModule(ResourceAction):
    """The task ``psnet-reapply-<name>``: at each start of the host it makes the declared nat networks again."""

    kind = "reapply"
