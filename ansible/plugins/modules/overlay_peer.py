# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another host of an overlay network, with the subnet of its containers (RemoteSubnetRoute).

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: overlay_peer
short_description: Another host of an overlay network, with the subnet of its containers (RemoteSubnetRoute)
description:
  - Another host of an overlay network, with the subnet of its containers (RemoteSubnetRoute).
  - Observes the host, changes what differs, and verifies; only options that are given are compared and
    set.
  - Runs on the controller through psnet; nothing is copied to the host.
author: The psnet developers (@psnet)
requirements:
  - psnet
options:
  network:
    description: The container network that it belongs to. It is needed with O(state=present).
    type: str
  name:
    description: What the other host is called; psnet's ledger keeps it under that.
    type: str
    required: true
  subnet:
    description: The prefix of its containers. It is needed with O(state=present).
    type: str
  provider_address:
    description: 'Its own address: where the tunnel ends. It is needed with O(state=present).'
    type: str
  mac:
    description: The MAC of the distributed router there (DrMacAddress of its network). It is needed with
      O(state=present).
    type: str
  vsid:
    description: The virtual subnet; that of the network when left out.
    type: int
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
- name: Make the overlay peer node-2
  psnet.windows_containers.overlay_peer:
    name: node-2
    network: vx
    subnet: 10.244.2.0/24
    provider_address: 192.168.10.12
    mac: 00-15-5D-AA-00-02
- name: Take it away
  psnet.windows_containers.overlay_peer:
    name: node-2
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
