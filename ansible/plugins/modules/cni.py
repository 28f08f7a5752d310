# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A CNI configuration list for a container network: network, subnet, gateway and DNS are the network's own.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: cni
short_description: 'A CNI configuration list for a container network: network, subnet, gateway and DNS
  are the network''s own'
description:
  - 'A CNI configuration list for a container network: network, subnet, gateway and DNS are the network''s
    own.'
  - Observes the host, changes what differs, and verifies; only options that are given are compared and
    set.
  - Runs on the controller through psnet; nothing is copied to the host.
author: The psnet developers (@psnet)
requirements:
  - psnet
options:
  name:
    description: The container network; the plug-in finds it by this name.
    type: str
    required: true
  runtime:
    description: 'Who reads it: nerdctl has a folder of its own where config.toml names another.'
    type: str
    choices:
      - containerd
      - nerdctl
      - kubelet
  plugin:
    description: 'The usual one of the network''s mode when left out: nat, sdnbridge or sdnoverlay.'
    type: str
    choices:
      - nat
      - sdnbridge
      - sdnoverlay
      - win-bridge
      - win-overlay
  capabilities:
    description: What the runtime may hand on; without portMappings -p does nothing.
    type: list
    elements: str
  dns_search:
    description: Search list of names; the network's DNS suffix when left out.
    type: list
    elements: str
  outbound_nat_exceptions:
    description: Destinations that see a container's own address; not with nat.
    type: list
    elements: str
  ipam:
    description: Who gives addresses; HNS for Microsoft's plug-ins, host-local for win-bridge, win-overlay.
    type: str
    choices:
      - hns
      - host-local
  range_start:
    description: Host-local's first address.
    type: str
  range_end:
    description: Host-local's last address.
    type: str
  loopback_dsr:
    description: 'LoopbackDSR: a container reaches itself through a service.'
    type: bool
  local_ports:
    description: 'LocalRoutedPortMapping: the host reaches published ports too.'
    type: bool
  cni_version:
    description: The version of CNI.
    type: str
    choices:
      - 0.3.0
      - 0.4.0
      - 1.0.0
  directory:
    description: Where it lies; conf_dir of containerd's config.toml when left out.
    type: str
  file:
    description: 10-<name>.conflist when left out.
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
- name: Make the cni nat
  psnet.windows_containers.cni:
    name: nat
    runtime: nerdctl
- name: Make the cni pods
  psnet.windows_containers.cni:
    name: pods
    runtime: kubelet
    outbound_nat_exceptions:
      - 10.0.0.0/8
    local_ports: true
- name: Take it away
  psnet.windows_containers.cni:
    name: nat
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
