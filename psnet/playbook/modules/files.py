"""psnet.copy and psnet.template: files on a host, written only where they differ."""

from __future__ import annotations

import hashlib
import ntpath
from typing import TYPE_CHECKING, Any, Final, Self

from pydantic import Field, model_validator

from psnet._internal.model import Model
from psnet.playbook.modules.base import Call, Module, Result
from psnet.playbook.source import found
from psnet.playbook.template.lookups import TRIMMED
from psnet.powershell import Templates
from psnet.transport.scripts import script_error

if TYPE_CHECKING:
    from pathlib import Path

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


class Copy(Module):
    """Write a file on the host."""

    name = "psnet.copy"
    arguments = CopyArguments
    touches = True
    feeds = True
    summary = "writes a file of the controller, or a text, to the host where it differs"

    def run(self, call: Call) -> Result:
        """Write it when its SHA-256 differs."""
        args: CopyArguments = call.args
        if args.src is None:
            return write(call, _text(args.content), args.dest, force=args.force)
        path = _source(call, args.src, "files")
        if path is None:
            return {"failed": True, "msg": f"there is no file {args.src} beside the playbook or in the role's files"}
        return write(call, path.read_bytes(), args.dest, name=path.name, force=args.force)


class TemplateArguments(Model):
    """A template of the controller, and where the filled text goes on the host."""

    src: str
    dest: str
    newline_sequence: str = "\r\n"
    force: bool = True


class Template(Module):
    """Fill a template and write it on the host."""

    name = "psnet.template"
    arguments = TemplateArguments
    touches = True
    feeds = True
    summary = "fills a Jinja2 template of the controller and writes it to the host where it differs"

    def run(self, call: Call) -> Result:
        """Fill it with the host's variables, and write it when its SHA-256 differs."""
        args: TemplateArguments = call.args
        path = _source(call, args.src, "templates")
        if path is None:
            return {"failed": True, "msg": f"there is no template {args.src} beside the playbook or in the role"}
        scope = call.scope.with_({"template_path": str(path), "ansible_managed": "psnet managed"})
        text = str(call.templar.text(path.read_text(encoding="utf-8"), scope, **TRIMMED))
        ended = args.newline_sequence.encode().decode("unicode_escape") if "\\" in args.newline_sequence else None
        text = text.replace("\r\n", "\n").replace("\n", ended or args.newline_sequence)
        name = path.name.removesuffix(".j2")
        return write(call, text.encode(), args.dest, name=name, force=args.force)


def _text(content: Any) -> bytes:
    if isinstance(content, str):
        return content.encode()
    import json  # noqa: PLC0415 - only for content that is no text

    return json.dumps(content, ensure_ascii=False).encode()


def _source(call: Call, name: str, kind: str) -> Path | None:
    return found([name], [folder / kind for folder in call.folders] + list(call.folders))


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
