"""A whole site. The action plug-in of the same name does the work on the controller."""

DOCUMENTATION = r"""
module: site
short_description: Converge a Windows container host to a site
description:
  - Observes the host, plans, applies what differs in one pipeline, and verifies that nothing is left.
  - Runs on the controller through the psnet library; nothing is copied to the host.
  - A change that cuts the connection is made detached, and taken back by the host unless it is confirmed in time.
author: The psnet developers
requirements: [psnet]
options:
  src:
    description: A site file; host variables fill its templates. Looked for as files of a role are.
    type: path
  site:
    description: The site itself.
    type: dict
  prune:
    description: With C(manage=exclusive) in the site, remove what psnet made and the site declares no more.
    type: bool
    default: false
  confirm_within:
    description: Seconds in which a change that cuts the connection has to be confirmed.
    type: int
    default: 120
  rollback:
    description: Whether such a change is taken back when it is not confirmed.
    type: bool
    default: true
attributes:
  check_mode: {support: full, description: Says what would change.}
  diff_mode: {support: full, description: Shows the changes as psnet plan does.}
"""

EXAMPLES = r"""
- name: What a web host needs
  psnet.windows_containers.site:
    src: web.yaml

- name: The same, written here
  psnet.windows_containers.site:
    site:
      name: web
      container_networks:
        - {name: web, mode: nat, subnet: 172.20.0.0/24}
"""

RETURN = r"""
changes:
  description: Each change with its operation, kind, name, fields and status.
  returned: always
  type: list
  elements: dict
ending:
  description: How a change that cut the connection ended, C(confirmed), C(rolled back) or C(unknown).
  returned: when there was one
  type: str
remedy:
  description: What to do when the plan is refused.
  returned: when the plan is refused
  type: str
"""
