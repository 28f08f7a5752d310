# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring one DSC resource into its state.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: dsc
short_description: Bring one DSC resource into its state
description:
  - 'Calls Invoke-DscResource: Test, Set where that is needed, and Test again, in one pipeline.'
  - Runs on the controller through psnet; nothing is copied to the host.
author: The psnet developers (@psnet)
requirements:
  - psnet
attributes:
  check_mode:
    support: full
    description: Test alone.
  diff_mode:
    support: full
    description: Shows the changes as psnet plan does.
  platform:
    support: full
    platforms: windows
    description: The hosts that it works on.
options:
  resource:
    description: The name of the DSC resource.
    type: str
    required: true
  module:
    description: The module that the DSC resource is in.
    type: str
    default: PSDesiredStateConfiguration
  properties:
    description: The properties of the DSC resource.
    type: dict
"""

EXAMPLES = r"""
- name: Ping for the load balancer
  psnet.windows_containers.dsc:
    resource: PSNetFirewallRule
    module: PSNetDsc
    properties:
      Name: ping
      Ensure: Present
      Direction: Inbound
      Action: Allow
      Protocol: ICMPv4
"""

RETURN = r"""
in_desired_state:
  description: What Test said first.
  returned: success
  type: bool
reboot_required:
  description: Whether Set asks for one.
  returned: success
  type: bool
"""
