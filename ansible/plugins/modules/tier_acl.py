# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All tiers of rules of one endpoint; tiers that are not declared go.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: tier_acl
short_description: All tiers of rules of one endpoint; tiers that are not declared go
description:
  - All tiers of rules of one endpoint; tiers that are not declared go.
  - Observes the host, changes what differs, and verifies; only options that are given are compared and
    set.
  - Runs on the controller through psnet; nothing is copied to the host.
author: The psnet developers (@psnet)
requirements:
  - psnet
options:
  endpoint:
    description: 'An endpoint, container or pod by name, a container''s id, or an address; with container:,
      pod:, label:KEY=VALUE, address: or endpoint: in front, that alone.'
    type: str
    required: true
  tiers:
    description: Tiers that are not declared go. It is needed with O(state=present).
    type: list
    suboptions:
      name:
        description: Its name.
        type: str
        required: true
      direction:
        description: Which way the traffic goes, seen from the endpoint.
        type: str
        choices:
          - In
          - Out
        required: true
      order:
        description: Tiers of a lower order are looked at first.
        type: int
        required: true
      rules:
        description: In order.
        type: list
        suboptions:
          action:
            description: What happens to the traffic.
            type: str
            choices:
              - Allow
              - Block
              - Pass
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
        elements: dict
        required: true
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
- name: Make the tier acl db
  psnet.windows_containers.tier_acl:
    endpoint: db
    tiers:
      - name: admin
        direction: In
        order: 1
        rules:
          - action: Block
            remote_addresses: 10.9.0.0/16
          - action: Pass
            priority: 200
- name: Take it away
  psnet.windows_containers.tier_acl:
    endpoint: db
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
