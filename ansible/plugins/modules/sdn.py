# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Converge a Network Controller to the section sdn of a site.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: sdn
short_description: Converge a Network Controller to the section sdn of a site
description:
  - Reads the controller that the host stands for, by its cmdlets or its REST API, plans, applies, verifies.
  - Runs on the controller through psnet; nothing is copied to the host.
author: The psnet developers (@psnet)
requirements:
  - psnet
attributes:
  check_mode:
    support: full
    description: Says what would change.
  diff_mode:
    support: full
    description: Shows the changes as psnet plan does.
  platform:
    support: full
    platforms: windows
    description: The hosts that it works on.
options:
  file:
    description: A site file with a section C(sdn).
    type: str
  prune:
    description: With C(manage=exclusive) in the site, remove what psnet made and the site declares no
      more.
    type: bool
    default: false
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
  controller:
    description: The section C(controller) of a site, as docs/resources has it.
    type: dict
  management:
    description: The section C(management) of a site, as docs/resources has it.
    type: list
    elements: dict
  credentials:
    description: The section C(credentials) of a site, as docs/resources has it.
    type: list
    elements: dict
  logical_networks:
    description: The section C(logical_networks) of a site, as docs/resources has it.
    type: list
    elements: dict
  access_control_lists:
    description: The section C(access_control_lists) of a site, as docs/resources has it.
    type: list
    elements: dict
  route_tables:
    description: The section C(route_tables) of a site, as docs/resources has it.
    type: list
    elements: dict
  virtual_networks:
    description: The section C(virtual_networks) of a site, as docs/resources has it.
    type: list
    elements: dict
  public_ip_addresses:
    description: The section C(public_ip_addresses) of a site, as docs/resources has it.
    type: list
    elements: dict
  load_balancers:
    description: The section C(load_balancers) of a site, as docs/resources has it.
    type: list
    elements: dict
  service_insertions:
    description: The section C(service_insertions) of a site, as docs/resources has it.
    type: list
    elements: dict
  network_interfaces:
    description: The section C(network_interfaces) of a site, as docs/resources has it.
    type: list
    elements: dict
  servers:
    description: The section C(servers) of a site, as docs/resources has it.
    type: list
    elements: dict
  virtual_servers:
    description: The section C(virtual_servers) of a site, as docs/resources has it.
    type: list
    elements: dict
  gateway_pools:
    description: The section C(gateway_pools) of a site, as docs/resources has it.
    type: list
    elements: dict
  gateways:
    description: The section C(gateways) of a site, as docs/resources has it.
    type: list
    elements: dict
  virtual_gateways:
    description: The section C(virtual_gateways) of a site, as docs/resources has it.
    type: list
    elements: dict
"""

EXAMPLES = r"""
- name: The policies of the shop
  psnet.windows_containers.sdn:
    file: shop.yaml
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
