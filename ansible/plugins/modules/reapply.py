# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task ``psnet-reapply-<name>``: at each start of the host it makes the declared nat networks again.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: reapply
short_description: 'The task ``psnet-reapply-<name>``: at each start of the host it makes the declared
  nat networks again'
description:
  - 'The task ``psnet-reapply-<name>``: at each start of the host it makes the declared nat networks again.'
  - Observes the host, changes what differs, and verifies; only options that are given are compared and
    set.
  - Runs on the controller through psnet; nothing is copied to the host.
author: The psnet developers (@psnet)
requirements:
  - psnet
options:
  name:
    description: What it is called; this and the host make it the same thing.
    type: str
    required: true
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
- name: Make the reapply networks
  psnet.windows_containers.reapply:
    name: networks
- name: Take it away
  psnet.windows_containers.reapply:
    name: networks
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
