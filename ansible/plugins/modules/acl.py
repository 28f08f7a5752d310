"""All ACL rules of one endpoint; rules that are not declared go.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: acl
short_description: All ACL rules of one endpoint; rules that are not declared go
description:
- All ACL rules of one endpoint; rules that are not declared go.
- Observes the host, changes what differs, and verifies; only options that are given are compared and set.
- Runs on the controller through the psnet library; nothing is copied to the host.
author: The psnet developers
requirements:
- psnet
options:
  endpoint:
    description: the endpoint by name, or the container by its id or docker's name
    type: str
    required: true
  rules:
    description: in order; rules that are not declared go Needed with C(state=present).
    type: list
    suboptions:
      action:
        description: what happens to the traffic
        type: str
        choices:
        - Allow
        - Block
        required: true
      direction:
        description: which way it goes, seen from the endpoint
        type: str
        choices:
        - In
        - Out
        required: true
      protocols:
        description: 'empty: every protocol'
        type: list
        elements: raw
      local_addresses:
        description: the endpoint's side; Any when left out
        type: list
        elements: str
      remote_addresses:
        description: the other side; Any when left out
        type: list
        elements: str
      local_ports:
        description: needs protocols TCP or UDP
        type: list
        elements: raw
      remote_ports:
        description: needs protocols TCP or UDP
        type: list
        elements: raw
      priority:
        description: lower ones are looked at first
        type: int
      rule_type:
        description: 'Switch: VFP on the virtual switch; Host: the Windows Firewall'
        type: str
        choices:
        - Host
        - Switch
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
- name: acl db
  psnet.windows_containers.acl:
    endpoint: db
    rules:
    - action: Allow
      direction: In
      protocols: TCP
      local_ports: 1433
      remote_addresses: 10.44.0.10
      priority: 100
    - action: Block
      direction: In
      priority: 200
- name: take it away
  psnet.windows_containers.acl:
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
