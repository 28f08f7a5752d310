"""What a host has. The action plug-in of the same name does the work on the controller."""

DOCUMENTATION = r"""
module: facts
short_description: What a Windows container host has
description:
  - Reads adapters, switches, container networks, endpoints, NATs, port mappings and psnet's firewall rules in one pass.
  - Runs on the controller through the psnet library; nothing is copied to the host.
author: The psnet developers
requirements: [psnet]
attributes:
  check_mode: {support: full, description: Nothing is changed anyway.}
  diff_mode: {support: none, description: Nothing is changed.}
"""

EXAMPLES = r"""
- name: What is there?
  psnet.windows_containers.facts:
- name: Show the container networks
  ansible.builtin.debug:
    msg: "{{ psnet.networks | map(attribute='name') }}"
"""

RETURN = r"""
ansible_facts:
  description: The fact C(psnet), with C(facts), C(adapters), C(networks), C(endpoints), C(mappings) and more.
  returned: always
  type: dict
"""
