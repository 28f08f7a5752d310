# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait until something is there, or gone.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: wait_for
short_description: Wait until something is there, or gone
description:
  - Waits for a port seen from the controller, a path on the host, or a script that answers true.
  - Runs on the controller through psnet; nothing is copied to the host.
author: The psnet developers (@psnet)
requirements:
  - psnet
attributes:
  check_mode:
    support: full
    description: It looks once.
  diff_mode:
    support: full
    description: Shows the changes as psnet plan does.
  platform:
    support: full
    platforms: windows
    description: The hosts that it works on.
options:
  port:
    description: The port that must be open, seen from the controller.
    type: int
  host:
    description: Whose port; the host's own address when not given.
    type: str
  path:
    description: The path that must be there.
    type: str
  script:
    description: The script, or what is to answer true.
    type: str
  state:
    description: State.
    type: str
    choices:
      - present
      - started
      - absent
      - stopped
    default: present
  delay:
    description: Seconds before the first look.
    type: float
    default: 0
  sleep:
    description: Seconds between two looks.
    type: float
    default: 1
  timeout:
    description: Seconds in all.
    type: float
    default: 300
  connect_timeout:
    description: Seconds until one try to connect is given up.
    type: float
    default: 5
  msg:
    description: What the failure says.
    type: str
"""

EXAMPLES = r"""
- name: The web server answers
  psnet.windows_containers.wait_for:
    port: 8080
    timeout: 60
"""

RETURN = r"""
elapsed:
  description: Seconds that it took.
  returned: success
  type: float
"""
