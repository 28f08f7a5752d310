# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All ACL rules of one network; rules that are not declared go.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: network_acl
short_description: All ACL rules of one network; rules that are not declared go
description:
  - All ACL rules of one network; rules that are not declared go.
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
  rules:
    description: In order; rules that are not declared go. It is needed with O(state=present).
    type: list
    suboptions:
      action:
        description: What happens to the traffic.
        type: str
        choices:
          - Allow
          - Block
        required: true
      protocols:
        description: 'Empty: every protocol.'
        type: list
        elements: raw
      local_addresses:
        description: The endpoint's side; Any when left out.
        type: list
        elements: str
      remote_addresses:
        description: The other side; Any when left out.
        type: list
        elements: str
      local_ports:
        description: Needs protocols TCP or UDP.
        type: list
        elements: raw
      remote_ports:
        description: Needs protocols TCP or UDP.
        type: list
        elements: raw
      source_sets:
        description: Only what comes from an address of these ip_sets; in place of addresses.
        type: list
        elements: str
      destination_sets:
        description: Only what goes to an address of these ip_sets; in place of addresses.
        type: list
        elements: str
      priority:
        description: Lower ones are looked at first.
        type: int
        default: 100
      direction:
        description: Which way it goes, seen from the endpoint.
        type: str
        choices:
          - In
          - Out
        required: true
      rule_type:
        description: 'Switch: VFP on the virtual switch; Host: filters of Windows (WFP) for this endpoint
          alone, which the profiles and rules of the Windows Firewall neither open nor close.'
        type: str
        choices:
          - Host
          - Switch
        default: Switch
    elements: dict
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
- name: Make the network acl None
  psnet.windows_containers.network_acl:
    network: tenant
    rules:
      - action: Block
        direction: In
        protocols: TCP
        local_ports: 445
      - action: Allow
        direction: In
        priority: 200
- name: Take it away
  psnet.windows_containers.network_acl:
    network: tenant
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
