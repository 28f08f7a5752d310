# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An endpoint on a network, with a fixed address or the next free one.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: endpoint
short_description: An endpoint on a network, with a fixed address or the next free one
description:
  - An endpoint on a network, with a fixed address or the next free one.
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
  network:
    description: The container network that it is on. It is needed with O(state=present).
    type: str
  address:
    description: HNS takes the next free one when it is left out.
    type: str
  mac:
    description: HNS takes one of the network's pool when it is left out.
    type: str
  dns_servers:
    description: What it asks for names, in order.
    type: list
    elements: str
  dns_suffix:
    description: Its DNS suffix.
    type: str
  gateway:
    description: The gateway that it gets, such as the address of an endpoint of the host; the network's
      when left out.
    type: str
  attach:
    description: 'Host: an adapter vEthernet (name) on the host.'
    type: str
  forwarding:
    description: 'With attach: host, its adapter and the network''s management interface forward, as flannel
      and the bridge plug-ins of CNI need it of their gateway.'
    type: bool
  remote:
    description: It stands for a container on another host.
    type: bool
  provider_address:
    description: 'Of a remote endpoint of an overlay: the address of the host that it is on.'
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
- name: Make the endpoint app
  psnet.windows_containers.endpoint:
    name: app
    network: tenant
    address: 10.44.0.10
- name: Make the endpoint probe
  psnet.windows_containers.endpoint:
    name: probe
    network: tenant
    attach: host
- name: Take it away
  psnet.windows_containers.endpoint:
    name: app
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
