"""All routes of one endpoint; routes that are not declared go.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: route
short_description: All routes of one endpoint; routes that are not declared go
description:
- All routes of one endpoint; routes that are not declared go.
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
  routes:
    description: routes that are not declared go Needed with C(state=present).
    type: list
    suboptions:
      destination:
        description: the prefix that it leads to
        type: str
        required: true
      next_hop:
        description: the gateway
        type: str
      encapsulate:
        description: 'NeedEncap: through the overlay''s tunnel'
        type: bool
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
- name: route app
  psnet.windows_containers.route:
    endpoint: app
    routes:
    - destination: 10.96.0.0/12
      encapsulate: true
- name: take it away
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
