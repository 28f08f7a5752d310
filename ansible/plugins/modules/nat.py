# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A NAT for an internal switch, such as one for virtual machines; container networks of mode nat have their own.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: nat
short_description: A NAT for an internal switch, such as one for virtual machines; container networks
  of mode nat have their own
description:
  - A NAT for an internal switch, such as one for virtual machines; container networks of mode nat have
    their own.
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
  prefix:
    description: The internal prefix; up to Windows Server 2016 one a host. It is needed with O(state=present).
    type: str
  external_addresses:
    description: The addresses that it uses; not compared when left out.
    type: list
    suboptions:
      address:
        description: An address that the host has.
        type: str
        required: true
      ports:
        description: The ports that the NAT may take of it; all when left out.
        type: raw
    elements: dict
  switch:
    description: An internal virtual switch on its inside, made when it is not there (New-VMSwitch).
    type: str
  gateway:
    description: The host's address on that switch; the first of the prefix when left out.
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
- name: Make the nat web
  psnet.windows_containers.nat:
    name: web
    prefix: 172.20.0.0/24
    switch: web
- name: Make the nat machines
  psnet.windows_containers.nat:
    name: machines
    prefix: 192.168.100.0/24
    external_addresses:
      - address: 10.0.0.11
        ports: 40000-50000
- name: Take it away
  psnet.windows_containers.nat:
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
