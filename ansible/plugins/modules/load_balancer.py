# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual address and port in front of endpoints.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: load_balancer
short_description: A virtual address and port in front of endpoints
description:
  - A virtual address and port in front of endpoints.
  - Observes the host, changes what differs, and verifies; only options that are given are compared and
    set.
  - Runs on the controller through psnet; nothing is copied to the host.
author: The psnet developers (@psnet)
requirements:
  - psnet
options:
  name:
    description: The name that the host's ledger keeps it under.
    type: str
    required: true
  vips:
    description: The virtual addresses. It is needed with O(state=present).
    type: list
    elements: str
  protocol:
    description: TCP or UDP. It is needed with O(state=present).
    type: raw
  external_port:
    description: The port in front. It is needed with O(state=present).
    type: int
  internal_port:
    description: The port of the members. It is needed with O(state=present).
    type: int
  members:
    description: 'As endpoint: of an ACL says: by name, container:, pod: ... It is needed with O(state=present).'
    type: list
    elements: str
  source_vip:
    description: The source address of what it forwards.
    type: str
  internal:
    description: 'ILB: reachable on this host only.'
    type: bool
  dsr:
    description: Direct server return.
    type: bool
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
- name: Make the load balancer front
  psnet.windows_containers.load_balancer:
    name: front
    vips:
      - 10.44.0.200
    protocol: TCP
    external_port: 80
    internal_port: 8080
    members:
      - app
- name: Take it away
  psnet.windows_containers.load_balancer:
    name: front
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
