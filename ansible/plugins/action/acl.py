"""The action of ``acl``."""

from __future__ import annotations

from ansible_collections.psnet.windows_containers.plugins.plugin_utils.resource import ResourceAction


class ActionModule(ResourceAction):
    """All ACL rules of one endpoint; rules that are not declared go."""

    kind = "acl"
