# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of ``template``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.template import generate_ansible_template_vars, trust_as_template
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.action import PsnetAction

_ENDINGS = {"\\r\\n": "\r\n", "\\n": "\n", "\\r": "\r"}


class ActionModule(PsnetAction):
    """Fill a template and write it on a host where it differs."""

    module = "template"

    def prepare(self, args: dict[str, Any], variables: dict[str, Any]) -> bytes | None:
        """Fill the template with ansible-core's own templar."""
        if not args.get("src"):
            return None
        path = self.needle("templates", str(args["src"]))
        text = trust_as_template(self._loader.get_text_file_contents(path))
        folders = [*variables.get("ansible_search_path", ()), self._loader.get_basedir(), str(Path(path).parent)]
        searched = [place for folder in folders for place in (str(Path(folder) / "templates"), folder)]
        known = {**variables, **generate_ansible_template_vars(args["src"], path, args.get("dest"))}
        templar = self._templar.copy_with_new_env(searchpath=searched, available_variables=known)
        ending = _ENDINGS.get(args.get("newline_sequence"), args.get("newline_sequence") or "\r\n")
        if ending not in _ENDINGS.values():
            raise AnsibleActionFail(r"newline_sequence is one of \r\n, \n, \r")
        filled = templar.template(
            text, escape_backslashes=False, overrides={"trim_blocks": True, "newline_sequence": "\n"}
        )
        whole = "" if filled is None else str(filled)
        return whole.replace("\r\n", "\n").replace("\n", ending).encode()
