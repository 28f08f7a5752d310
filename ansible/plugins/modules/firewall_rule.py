# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rule of the Windows firewall; only declared fields are compared and set.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: firewall_rule
short_description: A rule of the Windows firewall; only declared fields are compared and set
description:
  - A rule of the Windows firewall; only declared fields are compared and set.
  - Observes the host, changes what differs, and verifies; only options that are given are compared and
    set.
  - Runs on the controller through psnet; nothing is copied to the host.
author: The psnet developers (@psnet)
requirements:
  - psnet
options:
  name:
    description: Unique in the policy store, like a file name.
    type: str
    required: true
  display_name:
    description: The name that is shown.
    type: str
  description:
    description: Description.
    type: str
  enabled:
    description: Whether the rule is in force.
    type: bool
  profiles:
    description: Domain, Private, Public or Any.
    type: list
    elements: str
  direction:
    description: Which way the traffic goes.
    type: str
    choices:
      - Inbound
      - Outbound
  action:
    description: What happens to it.
    type: str
    choices:
      - Allow
      - Block
      - NotConfigured
  edge_traversal:
    description: Whether traffic from behind a NAT is let in.
    type: str
    choices:
      - Block
      - Allow
      - DeferToUser
      - DeferToApp
  protocol:
    description: TCP, UDP, ICMPv4, ICMPv6, Any or a number.
    type: raw
  local_ports:
    description: Ports, ranges and words such as RPC.
    type: list
    elements: raw
  remote_ports:
    description: Ports and ranges.
    type: list
    elements: raw
  icmp_types:
    description: ICMP types such as 8, or 3:4 with a code.
    type: list
    elements: str
  local_addresses:
    description: Addresses, prefixes and ranges.
    type: list
    elements: str
  remote_addresses:
    description: Addresses, prefixes, ranges and words such as LocalSubnet.
    type: list
    elements: str
  program:
    description: The path of a program.
    type: str
  service:
    description: The short name of a service.
    type: str
  interface_aliases:
    description: Names of network adapters.
    type: list
    elements: str
  interface_type:
    description: The kind of network adapter.
    type: str
  state:
    description: Whether it is to be there.
    type: str
    choices:
      - present
      - absent
    default: present
  backend:
    description: How container networks are made; C(auto) is the first that gives what is declared.
    type: str
    choices:
      - auto
      - containers
      - hns
      - docker
    default: auto
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
"""

EXAMPLES = r"""
- name: Make the firewall rule web-ping
  psnet.windows_containers.firewall_rule:
    name: web-ping
    display_name: Ping from the load balancer
    direction: Inbound
    action: Allow
    protocol: ICMPv4
    icmp_types:
      - '8'
    remote_addresses:
      - 10.0.0.0/24
- name: Take it away
  psnet.windows_containers.firewall_rule:
    name: web-ping
    state: absent
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
