"""Runs scripts of templates/dsc on a host and returns the object that each gives; uploads files."""

from __future__ import annotations

import json
import logging
import secrets
from typing import TYPE_CHECKING, Any, Final

from psnet.errors import HostError, RemoteError
from psnet.powershell import Templates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.transport import Session

log = logging.getLogger("psnet.dsc.deliver")
#: Where psnet keeps what it brings to a host, each in a folder of its own that is removed afterwards.
WORK: Final = "C:\\ProgramData\\psnet\\dsc"
MODULES: Final = "C:\\Program Files\\WindowsPowerShell\\Modules"


def render(name: str, **values: Any) -> str:
    """Return a script of templates/dsc, with the functions that read the LCM's objects where it wants them."""
    templates = Templates()
    template = f"dsc/{name}.ps1.j2"
    if "functions" in templates.variables(template) and "functions" not in values:
        values["functions"] = [templates.render(part) for part in ("lib/property.ps1.j2", "dsc/read.ps1.j2")]
    return str(templates.render(template, **values))


def upload(session: Session, host: str, step: str, files: Mapping[str, bytes]) -> str:
    """Bring files to a new folder that only SYSTEM and administrators may enter; return the folder.

    Nobody else can put a file beside them, whatever may be written to ProgramData. When a file does not arrive, the
    folder is removed again.
    """
    name = secrets.token_hex(8)
    folder = f"{WORK}\\{name}"
    functions = [Templates().render("lib/folder.ps1.j2")]
    run_template(session, host, step, "folder", child=f"dsc\\{name}", functions=functions)
    try:
        for name, data in files.items():
            session.put(data, f"{folder}\\{name}")
    except HostError:
        try:
            run_template(session, host, step, "clean", folder=folder)
        except HostError as error:
            log.warning("%s: %s stays: %s", host, folder, error.message)
        raise
    return folder


def run_template(
    session: Session, host: str, step: str, name: str, *, remedy: str | None = None, **values: Any
) -> dict[str, Any]:
    """Run a script of templates/dsc and return what it answers.

    Raises RemoteError with PowerShell's own id when the script fails, HostError when the answer is none.
    """
    output = session.run(render(name, **values))
    if output.failed or not output.objects:
        first = output.errors[-1] if output.errors else None
        raise RemoteError(
            f"{first.message} ({first.error_id})" if first else "the host said nothing",
            error_id=first.error_id if first else "",
            host=host,
            step=step,
            remedy=remedy or "psnet dsc status shows how the host's Local Configuration Manager is",
        )
    try:
        said = json.loads("".join(output.lines()))
    except ValueError:
        raise HostError("what the host answered is no JSON", host=host, step=step) from None
    if not isinstance(said, dict):
        raise HostError("what the host answered is no object", host=host, step=step)
    return said
