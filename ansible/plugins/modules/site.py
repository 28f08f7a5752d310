# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Converge a Windows container host to a site.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: site
short_description: Converge a Windows container host to a site
description:
  - Observes the host, plans, applies what differs in one pipeline, and verifies that nothing is left.
  - The site is a file, the option O(site), or its own keys written in the task; this is the explicit
    batch.
  - Runs on the controller through psnet; nothing is copied to the host.
author: The psnet developers (@psnet)
requirements:
  - psnet
attributes:
  check_mode:
    support: full
    description: Says what would change, given what the tasks before it would have made.
  diff_mode:
    support: full
    description: Shows the changes as psnet plan does.
  platform:
    support: full
    platforms: windows
    description: The hosts that it works on.
options:
  file:
    description: A site file; variables of the host fill its templates.
    type: str
    aliases:
      - src
  site:
    description: The site itself.
    type: dict
  prune:
    description: With C(manage=exclusive) in the site, remove what psnet made and the site declares no
      more.
    type: bool
    default: false
  confirm_within:
    description: Seconds in which a change that cuts the connection has to be confirmed.
    type: int
    default: 120
  allow_downtime:
    description: 'What may go with a change: nothing that has an endpoint, nothing that carries a running
      container, or anything.'
    type: str
    choices:
      - none
      - endpoints
      - all
    default: endpoints
  rollback:
    description: Whether such a change is taken back when it is not confirmed.
    type: bool
    default: true
  name:
    description: The name of the site, which marks what psnet makes.
    type: str
  manage:
    description: Whether things that exist already are touched.
    type: str
    choices:
      - declared
      - adopt
      - exclusive
  backend:
    description: How container networks are made.
    type: str
    choices:
      - auto
      - containers
      - hns
      - docker
  nats:
    description: The section C(nats) of a site, as docs/resources has it.
    type: list
    elements: dict
  container_networks:
    description: The section C(container_networks) of a site, as docs/resources has it.
    type: list
    elements: dict
  overlay_peers:
    description: The section C(overlay_peers) of a site, as docs/resources has it.
    type: list
    elements: dict
  ip_sets:
    description: The section C(ip_sets) of a site, as docs/resources has it.
    type: list
    elements: dict
  network_acls:
    description: The section C(network_acls) of a site, as docs/resources has it.
    type: list
    elements: dict
  cni:
    description: The section C(cni) of a site, as docs/resources has it.
    type: list
    elements: dict
  endpoints:
    description: The section C(endpoints) of a site, as docs/resources has it.
    type: list
    elements: dict
  nat_static_mappings:
    description: The section C(nat_static_mappings) of a site, as docs/resources has it.
    type: list
    elements: dict
  firewall_rules:
    description: The section C(firewall_rules) of a site, as docs/resources has it.
    type: list
    elements: dict
  acls:
    description: The section C(acls) of a site, as docs/resources has it.
    type: list
    elements: dict
  tier_acls:
    description: The section C(tier_acls) of a site, as docs/resources has it.
    type: list
    elements: dict
  qos:
    description: The section C(qos) of a site, as docs/resources has it.
    type: list
    elements: dict
  outbound_nats:
    description: The section C(outbound_nats) of a site, as docs/resources has it.
    type: list
    elements: dict
  routes:
    description: The section C(routes) of a site, as docs/resources has it.
    type: list
    elements: dict
  proxies:
    description: The section C(proxies) of a site, as docs/resources has it.
    type: list
    elements: dict
  load_balancers:
    description: The section C(load_balancers) of a site, as docs/resources has it.
    type: list
    elements: dict
  reapply:
    description: The section C(reapply) of a site, as docs/resources has it.
    type: list
    elements: dict
"""

EXAMPLES = r"""
- name: What a web host needs
  psnet.windows_containers.site:
    file: web.yaml
- name: The same, written here
  psnet.windows_containers.site:
    name: web
    container_networks:
      - name: web
        mode: nat
        subnet: 172.20.0.0/24
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
