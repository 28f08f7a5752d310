"""A virtual address and port in front of endpoints.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: load_balancer
short_description: A virtual address and port in front of endpoints
description:
- A virtual address and port in front of endpoints.
- Observes the host, changes what differs, and verifies; only options that are given are compared and set.
- Runs on the controller through the psnet library; nothing is copied to the host.
author: The psnet developers
requirements:
- psnet
options:
  name:
    description: the name that the host's ledger keeps it under
    type: str
    required: true
  vips:
    description: the virtual addresses Needed with C(state=present).
    type: list
    elements: str
  protocol:
    description: TCP or UDP Needed with C(state=present).
    type: raw
  external_port:
    description: the port in front Needed with C(state=present).
    type: int
  internal_port:
    description: the port of the members Needed with C(state=present).
    type: int
  members:
    description: endpoints or containers by name Needed with C(state=present).
    type: list
    elements: str
  source_vip:
    description: the source address of what it forwards
    type: str
  internal:
    description: 'ILB: reachable on this host only'
    type: bool
  dsr:
    description: direct server return
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
  rollback:
    description: Whether such a change is taken back when it is not confirmed.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
    description: Says what would change.
  diff_mode:
    support: full
    description: Shows the changes as psnet plan does.
"""

EXAMPLES = r"""
- name: load balancer front
  psnet.windows_containers.load_balancer:
    name: front
    vips:
    - 10.44.0.200
    protocol: TCP
    external_port: 80
    internal_port: 8080
    members:
    - app
- name: take it away
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
