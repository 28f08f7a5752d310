# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a file on a host where it differs.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: copy
short_description: Write a file on a host where it differs
description:
  - Writes a file of the controller, or a text, whole or not at all, when its SHA-256 differs.
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
  content:
    description: The text of the file; data that is no text becomes JSON.
    type: raw
  dest:
    description: The path on the host; a folder when it ends with a backslash.
    type: str
    required: true
  force:
    description: 'False: only when there is no such file.'
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: A page
  psnet.windows_containers.copy:
    content: hello
    dest: C:\web\index.html
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
