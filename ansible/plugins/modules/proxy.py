# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A layer-4 proxy that takes what an endpoint sends.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: proxy
short_description: A layer-4 proxy that takes what an endpoint sends
description:
  - A layer-4 proxy that takes what an endpoint sends.
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
  address:
    description: The proxy's address; the endpoint's own when left out.
    type: str
  port:
    description: The port that the proxy listens on. It is needed with O(state=present).
    type: raw
  destination:
    description: Only what goes there; everything when left out.
    type: str
  exceptions:
    description: Destinations that do not go through the proxy.
    type: list
    elements: str
  outbound_nat:
    description: Whether what leaves the proxy gets the host's address.
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
- name: Make the proxy app
  psnet.windows_containers.proxy:
    endpoint: app
    port: 15001
    exceptions:
      - 10.0.0.0/8
- name: Take it away
  psnet.windows_containers.proxy:
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
