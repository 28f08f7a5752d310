# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run PowerShell of your own on a host.

The action plug-in of the same name does the work on the controller.
"""

DOCUMENTATION = r"""
module: powershell
short_description: Run PowerShell of your own on a host
description:
  - Runs a script in the session of the host; its parameters are values, never text of the script.
  - C($PSNet.Changed), C($PSNet.Failed), C($PSNet.Message) and C($PSNet.Result) say what became of it.
  - Runs on the controller through psnet; nothing is copied to the host.
author: The psnet developers (@psnet)
requirements:
  - psnet
attributes:
  check_mode:
    support: full
    description: A script that may change things is skipped; with O(changes=false) it runs.
  diff_mode:
    support: full
    description: Shows the changes as psnet plan does.
  platform:
    support: full
    platforms: windows
    description: The hosts that it works on.
options:
  script:
    description: The script, or what is to answer true.
    type: str
  file:
    description: The file of the controller, looked for as files of a role are.
    type: str
  parameters:
    description: The values of the script's C(param) block; texts that are secrets travel as its input.
    type: dict
  creates:
    description: Skipped when this path is there.
    type: str
  removes:
    description: Skipped when this path is not there.
    type: str
  only_if:
    description: A script; skipped when it gives nothing or false.
    type: str
  error_action:
    description: What becomes of an error that does not end the script by itself.
    type: str
    choices:
      - stop
      - continue
      - silently_continue
    default: stop
  depth:
    description: How deep objects are read.
    type: int
    default: 4
  changes:
    description: 'False: it only reads, and runs in check mode too.'
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Mapped ports
  psnet.windows_containers.powershell:
    script: Get-NetNatStaticMapping | ForEach-Object -Process { $_.ExternalPort }
    changes: false
  register: ports
- name: With a parameter
  psnet.windows_containers.powershell:
    script: 'param([int] $Port)

      $PSNet.Result = $Port + 1

      '
    parameters:
      Port: 8080
"""

RETURN = r"""
output:
  description: What the script gave.
  returned: success
  type: list
  elements: raw
result:
  description: What C($PSNet.Result) was.
  returned: success
  type: raw
warnings:
  description: Its warnings.
  returned: always
  type: list
  elements: str
errors:
  description: Its errors.
  returned: always
  type: list
  elements: dict
error_id:
  description: The FullyQualifiedErrorId of the error that ended it.
  returned: failure
  type: str
"""
