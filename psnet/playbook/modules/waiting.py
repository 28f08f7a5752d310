"""wait_for and reboot."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from psnet._internal.model import Model
from psnet.errors import HostError
from psnet.fleet import apply_host
from psnet.playbook.modules.base import Call, Module, Result
from psnet.playbook.modules.outcome import result_of
from psnet.playbook.modules.powershell import run_script
from psnet.playbook.modules.site import load, used_variables
from psnet.powershell import Templates
from psnet.site import load_site
from psnet.transport.scripts import script_error

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("psnet.playbook")


class WaitArguments(Model):
    """What to wait for: a port (seen from the controller), a path or a script's true answer (on the host)."""

    port: int | None = Field(default=None, ge=1, le=65535)
    host: str | None = Field(default=None, description="whose port; the host's own address when not given")
    path: str | None = None
    script: str | None = None
    state: Literal["present", "started", "absent", "stopped"] = "present"
    delay: float = Field(default=0, ge=0, description="seconds before the first look")
    sleep: float = Field(default=1, ge=0, description="seconds between two looks")
    timeout: float = Field(default=300, ge=0, description="seconds in all")
    connect_timeout: float = Field(default=5, gt=0)
    msg: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(item is not None for item in (self.port, self.path, self.script)) > 1:
            raise ValueError("give one of port, path and script")
        return self


class WaitFor(Module):
    """Wait until something is there, or gone."""

    name = "wait_for"
    arguments = WaitArguments
    summary = "waits for a `port`, a `path` or a `script` that answers true; `state: absent` for their end"

    def run(self, call: Call) -> Result:
        """Look until it is as wanted; in check mode look once."""
        args: WaitArguments = call.args
        began = call.clock.monotonic()
        call.clock.sleep(args.delay)
        looks = self._look(call)
        wanted = args.state in ("present", "started")
        while looks() != wanted:
            if call.check:
                return {"changed": False, "skipped": True, "msg": "it is not as wanted yet"}
            if call.clock.monotonic() - began >= args.timeout:
                return {"failed": True, "msg": args.msg or f"waited {args.timeout:g} s for {_what(args)} in vain"}
            call.clock.sleep(args.sleep)
        return {"changed": False, "elapsed": round(call.clock.monotonic() - began, 1)}

    def _look(self, call: Call) -> Callable[[], bool]:
        args: WaitArguments = call.args
        if args.port is not None:
            address = args.host or call.address
            return lambda: _connects(address, args.port or 0, args.connect_timeout)
        if args.path is not None:
            script = str(Templates().render("play/path.ps1.j2", path=args.path))
            return lambda: _true(call, script)
        if args.script is None:
            return lambda: args.state in ("present", "started")
        return lambda: _script_holds(call, args.script or "")


def _what(args: WaitArguments) -> str:
    if args.port is not None:
        return f"port {args.port} to be {args.state}"
    return f"{args.path} to be {args.state}" if args.path is not None else "the script to answer true"


def _connects(address: str, port: int, timeout: float) -> bool:
    try:
        with socket.create_connection((address, port), timeout):
            return True
    except OSError:
        return False


def _true(call: Call, script: str) -> bool:
    output = call.session().run(script)
    if output.failed:
        raise script_error(output, call.name, "waiting")
    return "".join(output.lines()).strip().lower() == "true"


def _script_holds(call: Call, script: str) -> bool:
    answer = run_script(call, script, {})
    if answer.get("failed"):
        raise HostError(str(answer.get("msg")), host=call.name, step="waiting")
    return any(answer["output"])


class RebootArguments(Model):
    """How to restart, how long to wait, and what to bring back afterwards."""

    timeout: float = Field(default=600, gt=0, description="seconds until the host must be back")
    pre_delay: float = Field(default=0, ge=0)
    post_delay: float = Field(default=0, ge=0)
    sleep: float = Field(default=5, ge=0, description="seconds between two tries to connect")
    test_script: str | None = Field(default=None, description="must answer true before the host counts as back")
    site: str | None = Field(default=None, description="a site file to apply again: nat networks do not survive")


class Reboot(Module):
    """Restart the host and wait for it."""

    name = "reboot"
    arguments = RebootArguments
    touches = True
    summary = "restarts the host, waits until it is back, and applies a `site` again"

    def needs(self, args: RebootArguments) -> frozenset[str]:
        """Return the variables that the site uses."""
        return used_variables(load_site(Path(args.site))) if args.site is not None else frozenset()

    def run(self, call: Call) -> Result:
        """Restart; the host is back when it answers and its boot time is another one."""
        args: RebootArguments = call.args
        if call.check:
            return {"changed": True, "rebooted": True}
        site = load(call, args.site) if args.site is not None else None
        call.clock.sleep(args.pre_delay)
        before = _booted(call)
        self._restart(call)
        began = call.clock.monotonic()
        while not self._back(call, before, args.test_script):
            if call.clock.monotonic() - began >= args.timeout:
                return {"changed": True, "failed": True, "msg": f"the host was not back within {args.timeout:g} s"}
            call.clock.sleep(args.sleep)
        call.clock.sleep(args.post_delay)
        result: Result = {"changed": True, "rebooted": True, "elapsed": round(call.clock.monotonic() - began, 1)}
        if site is not None:
            again = result_of(apply_host(call.session(), call.name, site, reopen=call.reopen, report=call.tell))
            result |= {key: value for key, value in again.items() if key != "changed"}
        return result

    @staticmethod
    def _restart(call: Call) -> None:
        try:
            output = call.session().run(str(Templates().render("play/restart.ps1.j2")))
            if output.failed and output.errors:
                raise script_error(output, call.name, "restarting")
        except HostError as error:
            if getattr(error, "error_id", None):
                raise
            log.info("%s: the session ended with the restart: %s", call.name, error.message)
        call.forget()

    @staticmethod
    def _back(call: Call, before: str, test: str | None) -> bool:
        try:
            if _booted(call) == before:
                return False
            return test is None or _script_holds(call, test)
        except HostError as error:
            log.info("%s: not back yet: %s", call.name, error.message)
            call.forget()
            return False


def _booted(call: Call) -> str:
    output = call.session().run(str(Templates().render("play/booted.ps1.j2")))
    if output.failed:
        raise script_error(output, call.name, "reading the boot time")
    return "".join(output.lines())
