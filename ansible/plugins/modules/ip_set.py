# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A set of addresses on a network, or of other sets; ACLs and network ACLs name it.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: ip_set
short_description: A set of addresses on a network, or of other sets; ACLs and network ACLs name it
description:
  - A set of addresses on a network, or of other sets; ACLs and network ACLs name it.
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
    description: The name by which rules name it.
    type: str
    required: true
  addresses:
    description: Its addresses and prefixes.
    type: list
    elements: raw
  sets:
    description: The sets that it holds, in place of addresses.
    type: list
    elements: str
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
- name: Make the ip set web
  psnet.windows_containers.ip_set:
    name: web
    network: tenant
    addresses:
      - 10.44.0.10
      - 10.50.0.0/24
- name: Take it away
  psnet.windows_containers.ip_set:
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
