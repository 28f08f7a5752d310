# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fill a template and write it on a host where it differs.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: template
short_description: Fill a template and write it on a host where it differs
description:
  - Fills a Jinja2 template of the controller as ansible.builtin.template does, and writes it.
  - Runs on the controller through psnet; nothing is copied to the host.
author: The psnet developers (@psnet)
requirements:
  - psnet
attributes:
  check_mode:
    support: full
    description: Says what would change.
  diff_mode:
    support: full
    description: Shows the changes as psnet plan does.
  platform:
    support: full
    platforms: windows
    description: The hosts that it works on.
options:
  src:
    description: The file of the controller, looked for as files of a role are.
    type: str
    required: true
  dest:
    description: The path on the host; a folder when it ends with a backslash.
    type: str
    required: true
  newline_sequence:
    description: How lines end on the host.
    type: str
    default: "\r\n"
  force:
    description: Whether a file that is there already is overwritten.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: The server's configuration
  psnet.windows_containers.template:
    src: ports.json.j2
    dest: C:\ProgramData\web\ports.json
"""

RETURN = r"""
dest:
  description: The path on the host.
  returned: success
  type: str
checksum:
  description: The SHA-256 of what the file holds.
  returned: success
  type: str
size:
  description: Its length in bytes.
  returned: success
  type: int
"""
