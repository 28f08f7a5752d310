# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what a Windows container host has.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: facts
short_description: Read what a Windows container host has
description:
  - Reads networks, endpoints, mappings, rules and adapters in one pipeline; nothing is changed.
  - Runs on the controller through psnet; nothing is copied to the host.
author: The psnet developers (@psnet)
requirements:
  - psnet
attributes:
  check_mode:
    support: full
    description: It never changes anything.
  diff_mode:
    support: full
    description: Shows the changes as psnet plan does.
  platform:
    support: full
    platforms: windows
    description: The hosts that it works on.
"""

EXAMPLES = r"""
- name: What the host has
  psnet.windows_containers.facts: null
- name: Its networks
  ansible.builtin.debug:
    msg: '{{ ansible_facts.psnet_facts.networks | map(attribute=''name'') }}'
"""

RETURN = r"""
ansible_facts:
  description: C(psnet_facts) as psnet observe has it, and what of the usual facts is known.
  returned: always
  type: dict
"""
