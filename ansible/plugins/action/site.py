"""The action of ``site``: a whole site, from a file or written in the task."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from ansible.errors import AnsibleActionFail
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.target import PsnetAction

try:
    from psnet.fleet import Confirmation, apply_host, plan_host
    from psnet.playbook.modules.outcome import planned_result, result_of
    from psnet.site import load_site, parse_site
    from psnet.transport import open_session
except ImportError:
    pass  # the action says so when it runs

if TYPE_CHECKING:
    from psnet.site import Site

_OPTIONS = frozenset({"src", "site", "prune", "confirm_within", "rollback"})


class ActionModule(PsnetAction):
    """Converge a host to a site."""

    def carry_out(self, variables: dict[str, Any]) -> dict[str, Any]:
        """Observe, plan, apply, verify; in check mode say what would change."""
        args = dict(self._task.args)
        unknown = sorted(set(args) - _OPTIONS)
        if unknown or ("src" in args) == ("site" in args):
            said = f"unknown option {unknown[0]}" if unknown else "give one of src and site"
            raise AnsibleActionFail(f"{said}; the options are {', '.join(sorted(_OPTIONS))}")
        host = self.host(variables)
        site = self._site(args, host.name, variables)
        with self.session(host) as session:
            if self.check:
                return planned_result(plan_host(session, host.name, site))
            confirmation = Confirmation(int(args.get("confirm_within", 120)), bool(args.get("rollback", True)))
            result = apply_host(
                session,
                host.name,
                site,
                confirmation=confirmation,
                reopen=lambda: open_session(host.settings(), host.name),
            )
            return result_of(result)

    def _site(self, args: dict[str, Any], host: str, variables: dict[str, Any]) -> Site:
        if "src" in args:
            path = self._find_needle("files", str(args["src"]))
            shown = {key: value for key, value in variables.items() if not key.startswith("ansible_")}
            site = load_site(Path(path)).for_host(host, shown)
        else:
            text = yaml.safe_dump(_plain(args["site"]), allow_unicode=True, sort_keys=False)
            site = parse_site(text, "site").for_host(host, {})
        if not args.get("prune"):
            return site
        if site.manage != "exclusive":
            raise AnsibleActionFail("prune removes only from a site that says manage: exclusive")
        return site.model_copy(update={"prune": True})


def _plain(value: Any) -> Any:
    """Return a value of Ansible's as plain data."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    for kind in (bool, int, float):
        if isinstance(value, kind):
            return kind(value)
    return value if value is None else str(value)
