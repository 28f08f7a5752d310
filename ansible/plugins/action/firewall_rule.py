"""The action of ``firewall_rule``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.resource import ResourceAction


class ActionModule(ResourceAction):
    """A rule of the Windows firewall; only declared fields are compared and set."""

    kind = "firewall_rule"
