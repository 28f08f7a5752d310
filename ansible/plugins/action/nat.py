"""The action of ``nat``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.resource import ResourceAction


class ActionModule(ResourceAction):
    """A NAT for an internal switch, such as one for virtual machines; container networks of mode nat have their own."""

    kind = "nat"
