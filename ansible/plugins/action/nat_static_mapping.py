"""The action of ``nat_static_mapping``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.resource import ResourceAction


class ActionModule(ResourceAction):
    """Ports of the host that lead behind a NAT: one of nats, or up to 2016 a nat network's."""

    kind = "nat_static_mapping"
