# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All routes of one endpoint; routes that are not declared go.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: route
short_description: All routes of one endpoint; routes that are not declared go
description:
  - All routes of one endpoint; routes that are not declared go.
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
  routes:
    description: Routes that are not declared go. It is needed with O(state=present).
    type: list
    suboptions:
      destination:
        description: The prefix that it leads to.
        type: str
        required: true
      next_hop:
        description: The gateway.
        type: str
      encapsulate:
        description: 'NeedEncap: through the overlay''s tunnel.'
        type: bool
        default: false
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
- name: Make the route app
  psnet.windows_containers.route:
    endpoint: app
    routes:
      - destination: 10.96.0.0/12
        encapsulate: true
- name: Take it away
  psnet.windows_containers.route:
    endpoint: app
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
