# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restart a host and wait for it.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: reboot
short_description: Restart a host and wait for it
description:
  - Restarts the host, waits until it answers with another boot time, and applies a site again.
  - From Windows Server 2019 on networks of mode nat do not survive a restart.
  - Runs on the controller through psnet; nothing is copied to the host.
author: The psnet developers (@psnet)
requirements:
  - psnet
attributes:
  check_mode:
    support: full
    description: It says that it would restart.
  diff_mode:
    support: full
    description: Shows the changes as psnet plan does.
  platform:
    support: full
    platforms: windows
    description: The hosts that it works on.
options:
  timeout:
    description: Seconds until the host must be back.
    type: float
    default: 600
  pre_delay:
    description: Seconds to wait before the restart.
    type: float
    default: 0
  post_delay:
    description: Seconds to wait once the host is back.
    type: float
    default: 0
  sleep:
    description: Seconds between two tries to connect.
    type: float
    default: 5
  test_script:
    description: Must answer true before the host counts as back.
    type: str
  site:
    description: 'A site file to apply again: nat networks do not survive.'
    type: str
"""

EXAMPLES = r"""
- name: Restart, and make the networks again
  psnet.windows_containers.reboot:
    timeout: 600
    site: web.yaml
"""

RETURN = r"""
rebooted:
  description: Whether it was restarted.
  returned: success
  type: bool
elapsed:
  description: Seconds until it was back.
  returned: success
  type: float
"""
