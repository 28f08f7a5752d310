"""The action of ``outbound_nat``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.resource import ResourceAction


class ActionModule(ResourceAction):
    """What an endpoint sends leaves under the host's address, except to some destinations."""

    kind = "outbound_nat"
