# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action plug-ins share: a task becomes a message to psnet, its answer the task's result."""

from __future__ import annotations

import base64
import contextlib
from pathlib import Path
from typing import Any, ClassVar

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.psnet.windows_containers.plugins.plugin_utils import ahead, daemon
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.names import Restless, used
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.specs import RESOURCES, SPECS
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.values import plain, secrets, texts

from ansible.plugins.action import ActionBase

with contextlib.suppress(Exception):  # workers are forks of the process that loads this: what is loaded here is there
    from ansible.plugins.loader import connection_loader

    connection_loader.get("psrp", class_only=True)

_NAMES = frozenset(
    {
        "ansible_connection",
        "ansible_host",
        "ansible_port",
        "ansible_user",
        "ansible_password",
        "ansible_pass",
        "ansible_ssh_host",
        "psnet_inventory",
    }
)
_PREFIXES = ("ansible_psrp_", "ansible_winrm_")
_RESOLVED = {"remote_user": "ansible_user", "remote_password": "ansible_password", "port": "ansible_port"}


class PsnetAction(ActionBase):
    """An action that psnet carries out from the controller; nothing is copied to the host."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    module: ClassVar[str]
    #: The option that text alone stands for; where there is one, supports_raw_params is true.
    free: ClassVar[str | None] = None

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Carry the task out and return its result; an unreachable host is Ansible's own unreachable."""
        result = super().run(tmp, task_vars)
        variables = dict(task_vars or {})
        self._refuse()
        args = self.validated()
        content = self.prepare(args, variables)
        message = self._message(args, content, variables)
        answer = self._ask(message, variables)
        if "needs" in answer:
            message["variables"] = self._variables(answer["needs"], variables)
            message["secrets"] += secrets(message["variables"])
            message["variables"] = plain(message["variables"])
            answer = self._ask(message, variables)
        if "reaches" in answer:
            message["reached"] = self._reached(answer["reaches"], variables)
            answer = self._ask(message, variables)
        if "unreachable" in answer:
            raise AnsibleConnectionFailure(answer["unreachable"])
        result.update(answer["result"])
        if not message["diff"]:
            result.pop("diff", None)
        return result

    def prepare(self, args: dict[str, Any], variables: dict[str, Any]) -> bytes | None:
        """Make paths of the controller absolute in the arguments; return what psnet is to be given of a file."""
        _ = args, variables
        return None

    def validated(self) -> dict[str, Any]:
        """Return the arguments as their types say; what the module does not know is left for psnet to tell."""
        args = dict(self._task.args)
        raw = args.pop("_raw_params", None)
        if isinstance(raw, dict):
            args = {**raw, **args}
        elif raw is not None:
            args[str(self.free)] = raw
        spec = SPECS[self.module]
        known = {name for key, item in spec.items() for name in (key, *item.get("aliases", ()))}
        result = ArgumentSpecValidator(spec).validate({key: item for key, item in args.items() if key in known})
        if result.error_messages:
            raise AnsibleActionFail("; ".join(result.error_messages))
        return ahead.merged(args, result.validated_parameters, spec)

    def _refuse(self) -> None:
        """Refuse what would have to be ignored."""
        task = self._task
        if task.become:
            raise AnsibleActionFail(
                "become is not possible: psnet works as the user that logs on; log on as another with ansible_user"
            )
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        if environment:
            raise AnsibleActionFail(
                "environment is not possible: psnet starts no process on the host; set $env:NAME in the script of "
                "psnet.windows_containers.powershell"
            )

    def _message(self, args: dict[str, Any], content: bytes | None, variables: dict[str, Any]) -> dict[str, Any]:
        task = self._task
        diff = task.diff if task.diff is not None else self._play_context.diff
        item = {
            "key": ahead.key_of(task),
            "module": self.module,
            "args": plain(args),
            "title": ahead.title_of(task),
            "where": ahead.place_of(task),
            "quiet": bool(task.no_log),
        }
        if content is not None:
            item["content"] = base64.b64encode(content).decode()
        host, given = self._host(variables)
        return {
            "op": "task",
            "host": host,
            "target": self._target(given),
            "folder": str(self._loader.get_basedir()),
            "item": item,
            "check": bool(task.check_mode),
            "diff": bool(diff),
            "secrets": self._secrets(args, variables),
            "ahead": [],
        }

    def _ask(self, message: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
        if self.module in RESOURCES and message["item"]["key"] not in _Known.keys:
            items, hidden = ahead.ahead(self._task, variables, self._loader)
            message["ahead"], message["secrets"] = items, [*message["secrets"], *hidden]
        try:
            answer = daemon.ask(message, [str(name) for name in variables.get("ansible_play_hosts_all") or ()])
        except BaseException:
            daemon.tell({"op": "stop", "host": message["host"]})  # a time-out of the task, or the end of the run
            raise
        _Known.keys = frozenset(answer.get("done") or ())
        return answer

    def _host(self, variables: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        name = self._task.delegate_to
        if not name:
            return str(variables.get("inventory_hostname", "host")), variables
        return str(name), variables.get("ansible_delegated_vars", {}).get(name, variables)

    def _target(self, variables: dict[str, Any]) -> dict[str, Any]:
        """Return what says how to reach the host: variables, keywords, the command line and the configuration."""
        found = {key: variables[key] for key in variables if key in _NAMES or key.startswith(_PREFIXES)}
        found = {key: self._templar.template(value) for key, value in found.items()}
        kind = str(getattr(self._connection, "_load_name", "") or "").rpartition(".")[2]
        found.setdefault("ansible_connection", kind)
        for option, name in _RESOLVED.items():
            value, origin = self._resolved(option)
            if value is not None and origin != "default" and name not in found:
                found[name] = value
        return plain(found)

    def _reached(self, names: list[str], variables: dict[str, Any]) -> dict[str, Any]:
        """Return how to reach other hosts that a task changes something on, by what the inventory says of them."""
        known = variables.get("hostvars") or {}
        missing = [name for name in names if name not in known]
        if missing:
            raise AnsibleActionFail(f"the inventory has no host {', '.join(missing)}, on which this changes ports")
        found: dict[str, Any] = {}
        for name in names:
            given = known[name]
            said = {key: given[key] for key in given if key in _NAMES or key.startswith(_PREFIXES)}
            said.setdefault("ansible_connection", "psrp")
            found[name] = plain(said)
        return found

    def _resolved(self, option: str) -> tuple[Any, str]:
        try:
            return self._connection.get_option_and_origin(option)
        except (KeyError, AttributeError):
            return None, "default"

    def _secrets(self, args: dict[str, Any], variables: dict[str, Any]) -> list[str]:
        """Return the texts that came out of vaults, in the arguments and in the variables that they use."""
        found = secrets(args)
        if self._task.no_log:
            found += [text for key in ("parameters", "properties") for text in texts(args.get(key))]
        if not getattr(getattr(self._loader, "_vault", None), "secrets", None):
            return found
        try:
            names = used(self._task.get_ds() or {}, variables)
        except Restless:
            names = set(variables) - {"hostvars", "vars"}
        return found + secrets([variables[name] for name in names if name in variables])

    def _variables(self, names: list[str], variables: dict[str, Any]) -> dict[str, Any]:
        return {name: self._templar.template(variables[name]) for name in names if name in variables}

    def needle(self, folder: str, name: str) -> str:
        """Return the path of a file beside the play or in the role."""
        return str(Path(self._find_needle(folder, name)).resolve())

    def read(self, folder: str, name: str) -> bytes:
        """Return what a file beside the play or in the role holds, decrypted when it is a vault."""
        real = self._loader.get_real_file(self.needle(folder, name), decrypt=True)
        return Path(real).read_bytes()


class _Known:
    """The items that psnet told this process to have carried out already."""

    keys: frozenset[str] = frozenset()


class SiteAction(PsnetAction):
    """An action that takes a site's file."""

    free = "file"
    supports_raw_params = True

    def prepare(self, args: dict[str, Any], variables: dict[str, Any]) -> bytes | None:
        """Find the file as files of a role are found."""
        _ = variables
        if args.get("file"):
            args["file"] = self.needle("files", str(args["file"]))
        return None
