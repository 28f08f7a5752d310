# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports of the host that lead to an address on a network; the plan says which way they take on a host.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: nat_static_mapping
short_description: Ports of the host that lead to an address on a network; the plan says which way they
  take on a host
description:
  - Ports of the host that lead to an address on a network; the plan says which way they take on a host.
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
  network:
    description: The container network that it leads into, or the NAT of nats. It is needed with O(state=present).
    type: str
  protocol:
    description: TCP or UDP. It is needed with O(state=present).
    type: raw
  external_address:
    description: The host's address that it listens on; 0.0.0.0 is every one.
    type: str
  external_port:
    description: A port or a range such as 8000-8010. It is needed with O(state=present).
    type: raw
  internal_address:
    description: The container's address. It is needed with O(state=present).
    type: str
  internal_port:
    description: As many ports as outside; the same ones when left out. It is needed with O(state=present).
    type: raw
  via:
    description: 'The way to ask for, else the host decides: netnat (a static mapping of a NAT), endpoint
      (in the create document of the endpoint with that address), runtime (published by what makes the
      container), load_balancer (HNS, l2bridge), portproxy (netsh, TCP).'
    type: str
    choices:
      - netnat
      - endpoint
      - runtime
      - load_balancer
      - portproxy
  firewall:
    description: The firewall rule made along with it; false for none. A dictionary of profiles, remote_addresses.
    type: raw
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
- name: Make the nat static mapping http
  psnet.windows_containers.nat_static_mapping:
    name: http
    network: web
    protocol: TCP
    external_port: 8080
    internal_address: 172.20.0.10
    internal_port: 80
- name: Make the nat static mapping voice
  psnet.windows_containers.nat_static_mapping:
    name: voice
    network: web
    protocol: UDP
    external_port: 27000-27009
    internal_address: 172.20.0.11
    firewall:
      profiles:
        - Domain
      remote_addresses:
        - 10.0.0.0/8
- name: Take it away
  psnet.windows_containers.nat_static_mapping:
    name: http
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
