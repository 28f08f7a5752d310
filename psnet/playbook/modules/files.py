"""copy and template: files on a host, written only where they differ."""

from __future__ import annotations

import hashlib
import ntpath
from typing import Any, Final, Self

from pydantic import Field, model_validator

from psnet._internal.model import Model
from psnet.playbook.modules.base import Call, Module, Result
from psnet.powershell import Templates
from psnet.transport.scripts import script_error

_SHOWN: Final = 100_000  # bytes: a diff of more helps nobody


class CopyArguments(Model):
    """A file of the controller (``src``) or a text (``content``), and where it goes on the host."""

    src: str | None = None
    content: Any = None
    dest: str
    force: bool = Field(default=True, description="false: only when there is no such file")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.src is None) == (self.content is None):
            raise ValueError("give one of src and content")
        return self


class TemplateArguments(Model):
    """A template of the controller, and where the filled text goes on the host."""

    src: str
    dest: str
    newline_sequence: str = "\r\n"
    force: bool = True


class _Files(Module):
    """Write on the host what the action has read or filled."""

    touches = True
    feeds = True

    def run(self, call: Call) -> Result:
        """Write it when its SHA-256 differs."""
        args: Any = call.args
        content = call.content if call.content is not None else str(args.content).encode()
        name = ntpath.basename(str(args.src).replace("/", "\\")) if args.src else ""
        return write(call, content, args.dest, name=self.remote(name), force=args.force)

    def remote(self, name: str) -> str:
        """Return the name on the host of a file of the controller."""
        return name


class Copy(_Files):
    """Write a file on the host."""

    name = "copy"
    arguments = CopyArguments
    summary = "writes a file of the controller, or a text, to the host where it differs"


class Template(_Files):
    """Write a filled template on the host; ansible-core fills it."""

    name = "template"
    arguments = TemplateArguments
    summary = "fills a Jinja2 template of the controller and writes it to the host where it differs"

    def remote(self, name: str) -> str:
        """Return the name without its ending for templates."""
        return name.removesuffix(".j2")


def write(call: Call, content: bytes, dest: str, *, name: str = "", force: bool = True) -> Result:
    """Write a file where it differs; ``dest`` may be a folder when ``name`` is given."""
    session = call.session()
    wanted = hashlib.sha256(content).hexdigest()
    target = ntpath.join(dest, name) if name and dest.endswith(("\\", "/")) else dest
    found_hash = _hash(call, target)
    if found_hash == "folder" and name:
        target = ntpath.join(target, name)
        found_hash = _hash(call, target)
    if found_hash == "folder":
        return {"failed": True, "msg": f"{target} is a folder"}
    result: Result = {"changed": False, "dest": target, "checksum": wanted, "size": len(content)}
    if found_hash == wanted or (found_hash and not force):
        return result
    if call.diff:
        old = session.get(target) if found_hash else b""
        result["diff"] = [_diff(old, content, target)]
    if not call.check:
        session.put(content, target)
    return result | {"changed": True}


def _hash(call: Call, path: str) -> str:
    output = call.session().run(str(Templates().render("play/hash.ps1.j2", path=path)))
    if output.failed:
        raise script_error(output, call.name, f"reading {path}")
    said = "".join(output.lines())
    return said if said == "folder" else said.replace("-", "").lower()


def _diff(old: bytes, new: bytes, target: str) -> dict[str, str]:
    if max(len(old), len(new)) > _SHOWN or b"\0" in old or b"\0" in new:
        return {"prepared": f"{target}: {len(old)} -> {len(new)} bytes"}
    texts = {"before": old.decode("utf-8", "replace"), "after": new.decode("utf-8", "replace")}
    return {**texts, "before_header": target, "after_header": target}
