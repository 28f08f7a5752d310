# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container network that Docker makes.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: docker_network
short_description: A container network that Docker makes
description:
  - A network that containers attach to.
  - Observes the host, changes what differs, and verifies; only options that are given are compared and
    set.
  - Runs on the controller through psnet; nothing is copied to the host.
author: The psnet developers (@psnet)
requirements:
  - psnet
options:
  name:
    description: Unique on the host.
    type: str
    required: true
  mode:
    description: How the network reaches the outside.
    type: str
    choices:
      - nat
      - transparent
      - l2bridge
      - l2tunnel
      - overlay
      - internal
      - private
  subnets:
    description: The subnets, in order; a nat network has one.
    type: list
    suboptions:
      prefix:
        description: Such as 172.20.0.0/24.
        type: str
        required: true
      gateway:
        description: The first address of the prefix when left out.
        type: str
    elements: dict
  dns_servers:
    description: What its endpoints ask for names, in order.
    type: list
    elements: raw
  dns_suffix:
    description: The DNS suffix of its endpoints.
    type: str
  adapter:
    description: The physical adapter that its switch binds to; HNS takes a free one when it is left out;
      several, with commas between them, become one switch with embedded teaming (SET).
    type: str
  vlan:
    description: VLAN of the physical network; the port must trunk it.
    type: int
  vsid:
    description: Virtual subnet id of an overlay or SDN network.
    type: int
  mac_pools:
    description: Ranges of MAC addresses for its endpoints.
    type: list
    suboptions:
      start:
        description: The first address.
        type: str
        required: true
      end:
        description: The last address.
        type: str
        required: true
    elements: dict
  subnet:
    description: It is short for C(subnets.0.prefix).
    type: str
  gateway:
    description: It is short for C(subnets.0.gateway).
    type: str
  state:
    description: Whether it is to be there.
    type: str
    choices:
      - present
      - absent
    default: present
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
- name: Make the container network web
  psnet.windows_containers.docker_network:
    name: web
    mode: nat
    subnet: 172.20.0.0/24
    dns_servers:
      - 10.0.0.53
- name: Take it away
  psnet.windows_containers.docker_network:
    name: web
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
