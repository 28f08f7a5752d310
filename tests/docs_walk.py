"""The walk through a page of the docs: its blocks run in order in a folder, and what is printed is compared.

What a page needs stands in comments of its source, which readers of the page do not see::

    <!-- walk
    lab: {hosts: {web01: {os: "2022"}}}      # hosts that run beside the page, as in a lab file
    groups: {web: [web01]}                   # groups of their inventory, which is hosts.yaml
    files: {site.yaml: examples/minimal/site.yaml}
    -->

Before a block there may be ``<!-- file: NAME -->`` (the block is that file's content), ``<!-- before: COMMAND -->``
(a command that readers do not type) and ``<!-- not walked: REASON -->``. A block of YAML whose first line is
``# NAME.yaml`` is a file too. ``models: true`` gives blocks of Python the models of the hosts by name, and ``host``;
``prompt: true`` what ``psnet shell`` has. A command that ends with another code than 0 says so: ``# ends with 2``.
``...`` in what is printed stands for any text, on a line of its own for any lines.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import doctest
import inspect
import io
import os
import re
import shlex
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "ansible" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
#: Languages of blocks that somebody would type.
TYPED = {"console", "bash", "sh", "shell", "python", "pycon"}
#: What is another one each time, and what stands for it while texts are compared.
OWN = (
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?", "TIME"),
    (r"\b\d{8}T?-?\d{6}-[0-9a-f]{4,}\b", "RUN"),
    (r"\b\d+(\.\d+)? (seconds|s|ms|min)\b", "DURATION"),
    (r"\b127\.0\.0\.1:\d+", "LOOPBACK"),
    (r"\b[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b", "ID"),
    (r"\b[0-9a-fA-F]{40,64}\b", "HASH"),
    (r"(?<=\S) {2,}", "  "),
)
_PART = re.compile(r"<!--(?P<said>.*?)-->|^```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
_ENDS = re.compile(r"\s+# ends with (\d+)$")
_SCRIPT = re.compile(r"\.\\(\S+)(.*)")


@dataclass
class Command:
    """A command of a block with what the page shows below it; ``shown`` is None when it shows nothing."""

    text: str
    code: int = 0
    shown: str | None = None


@dataclass
class Block:
    """A block of a page and what its comments say."""

    language: str
    text: str
    line: int
    file: str | None = None
    before: list[str] = field(default_factory=list)
    reason: str | None = None


@dataclass
class Page:
    """A page: what it needs, and its blocks."""

    path: Path
    needs: dict[str, Any] | None = None
    blocks: list[Block] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()


def read_page(path: Path) -> Page:
    """Return a page's blocks in order."""
    text, page = path.read_text(encoding="utf-8"), Page(path)
    said: dict[str, Any] = {"before": []}
    for part in _PART.finditer(text):
        if part["said"] is None:
            block = Block(part["language"], part["text"], text.count("\n", 0, part.start()) + 1, **said)
            named = re.match(r"# ([\w./-]+\.ya?ml)\n", block.text)
            block.file = block.file or (named[1] if named and block.language == "yaml" else None)
            page.blocks.append(block)
            said = {"before": []}
            continue
        key, _, value = part["said"].strip().partition(":")
        if part["said"].startswith(" walk\n"):
            page.needs = yaml.safe_load(part["said"].removeprefix(" walk\n")) or {}
        elif key == "before":
            said["before"].append(value.strip())
        elif key == "file":
            said["file"] = value.strip()
        elif key == "not walked":
            said["reason"] = value.strip()
    return page


def commands_of(text: str) -> Iterator[Command]:
    """Yield the commands of a console block, each after its prompt, with what is shown below."""
    found: Command | None = None
    shown: list[str] = []

    def whole(command: Command) -> Command:
        command.shown = "\n".join(shown) if shown else None
        return command

    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith(("$ ", "PS> ")):
            if found:
                yield whole(found)
            typed, shown = line.partition(" ")[2], []
            ends = _ENDS.search(typed)
            script = _SCRIPT.match(typed) if line.startswith("PS> ") else None
            typed = f"psnet lab exec {script[1]}{script[2]}" if script else _ENDS.sub("", typed)
            found = Command(" ".join(re.sub(r"\s+#\s.*$", "", typed).split(" ")), int(ends[1]) if ends else 0)
        else:
            shown.append(line)
    if found:
        yield whole(found)


def comparable(text: str) -> list[str]:
    """Return lines with what is another one each time taken out."""
    for pattern, name in OWN:
        text = re.sub(pattern, name, text)
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def agrees(shown: str, printed: str) -> bool:
    """Say whether what was printed is what a page shows; ``...`` there is any lines."""
    wanted = [
        r"(.*\n)*" if line.strip() == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n"
        for line in comparable(shown)
    ]
    return re.fullmatch("".join(wanted), "".join(f"{line}\n" for line in comparable(printed))) is not None


class Walk:
    """Runs a page in a folder; ``real`` takes a shell for each command, else psnet runs in this process."""

    def __init__(self, page: Page, folder: Path, *, real: bool) -> None:
        self.page, self.folder, self.needs = page, folder, page.needs or {}
        self.real = real and not self.needs.get("models")
        self.cwd = folder
        self.stack = contextlib.ExitStack()
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PSNET_JOURNAL": str(folder / ".journal.sqlite"),
            "COLUMNS": "120",
            "NO_COLOR": "1",
            "TERM": "dumb",
        }
        self.names: dict[str, Any] = {"__name__": "page"}
        self.ran: list[str] = []

    def __enter__(self) -> Self:
        for name in ("examples", "dsc", "templates", "ansible"):
            (self.folder / name).symlink_to(ROOT / name)
        (self.folder / "examples").unlink()
        subprocess.run(["cp", "-r", str(ROOT / "examples"), str(self.folder)], check=True)
        for name, source in self.needs.get("files", {}).items():
            known = ROOT / source if "\n" not in source else None
            (self.folder / name).write_text(known.read_text("utf-8") if known else source, encoding="utf-8")
        if isinstance(self.needs.get("lab"), list):
            self.start_lab([*self.needs["lab"], "--inventory-out", "hosts.yaml"])
        elif "lab" in self.needs:
            (self.folder / ".lab.yaml").write_text(yaml.safe_dump(self.needs["lab"]), encoding="utf-8")
            self.start_lab(["--file", ".lab.yaml", "--inventory-out", "hosts.yaml"])
        if self.needs.get("prompt"):
            import psnet
            from psnet.shell.console import namespace

            with contextlib.chdir(self.folder):
                fleet = psnet.inventory("hosts.yaml")
            self.stack.callback(fleet.close)
            self.names |= namespace(fleet)
        for command in self.needs.get("before", ()):
            self.command(Command(command))
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def all(self) -> None:
        """Run every block of the page that is no other's to run."""
        for block in self.page.blocks:
            if block.reason:
                continue
            for command in block.before:
                self.command(Command(command))
            if block.file:
                (self.folder / block.file).write_text(self.replaced(block.text), encoding="utf-8")
            elif block.language in {"console", "bash", "sh", "shell"}:
                for each in commands_of(block.text):
                    self.command(each)
            elif block.language == "python":
                self.python(block)
            elif block.language == "pycon":
                self.session(block)

    def replaced(self, text: str) -> str:
        """Return a text with what this run has in place of the page's own ports and paths."""
        for old, new in self.needs.get("replace", {}).items():
            text = text.replace(old, new.replace("PORT", self.port()))
        return text

    def port(self) -> str:
        """Return a port of loopback that was free when it was first asked for."""
        if "port" not in self.names:
            import socket

            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.names["port"] = str(probe.getsockname()[1])
        return str(self.names["port"])

    def command(self, command: Command) -> str:
        """Run a command; fail when its exit code or what it prints is not the page's. Return what it printed."""
        text = self.replaced(command.text)
        self.ran.append(command.text)
        words = shlex.split(text)
        if words[0] == "cd":
            self.cwd = (self.cwd / words[1]).resolve() if len(words) > 1 else self.folder
            return ""
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            self.environment[name] = str(self.cwd / value) if name == "PSNET_INVENTORY" else value
            return ""
        if words[:3] == ["psnet", "lab", "up"]:
            self.start_lab(words[3:])
            return ""
        if words[:3] == ["psnet", "dsc", "serve"] and "key" not in words:
            return self.start(text, until="ServerURL")
        code, said, told = (self.shell if self.real or words[0] != "psnet" else self.inside)(text)
        where = f"{self.page.name}: $ {command.text}"
        assert code == command.code, f"{where}\nends with {code}, not {command.code}:\n{said}{told}"
        if command.shown is not None:
            shown = self.replaced(command.shown)
            one = agrees(shown, said) or agrees(shown, said + told) or (not said and agrees(shown, told))
            assert one, f"{where}\nthe page shows:\n{shown}\nprinted was:\n{said}{told}"
        return said

    def shell(self, text: str, given: str = "") -> tuple[int, str, str]:
        """Run a command in a shell of its own."""
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", text],
            cwd=self.cwd,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=110,
            input=given,
        )
        return done.returncode, done.stdout, done.stderr

    def inside(self, text: str) -> tuple[int, str, str]:
        """Run a psnet command in this process; what stands behind a pipe runs in a shell."""
        from psnet.cli import main

        first, _, rest = _split(text, " | ")
        first, _, target = _split(first, " > ")
        out, err = io.StringIO(), io.StringIO()
        before, code = Path.cwd(), 0
        with _environment(self.environment), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            os.chdir(self.cwd)
            argv, sys.argv = sys.argv, shlex.split(first)
            stdin, sys.stdin = sys.stdin, io.StringIO()
            try:
                main()
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 0
            finally:
                sys.argv, sys.stdin = argv, stdin
                os.chdir(before)
        said = out.getvalue()
        if target:
            (self.cwd / target.strip()).write_text(said, encoding="utf-8")
            said = ""
        if rest:
            environment = {**os.environ, **self.environment}
            piped = subprocess.run(
                ["bash", "-c", rest],
                input=said,
                cwd=self.cwd,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            return code or piped.returncode, piped.stdout, err.getvalue() + piped.stderr
        return code, said, err.getvalue()

    def start(self, text: str, until: str) -> str:
        """Start a command that stays; return what it printed up to a line that says ``until``."""
        process = subprocess.Popen(
            ["bash", "-c", f"exec {text}"],
            cwd=self.cwd,
            env={**os.environ, **self.environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.stack.callback(process.wait, 20)
        self.stack.callback(process.terminate)
        assert process.stdout is not None
        said, end = "", time.monotonic() + 60
        while until not in said and process.poll() is None and time.monotonic() < end:
            said += process.stdout.readline()
        assert until in said, f"{self.page.name}: $ {text}\n{said}"
        return said

    def start_lab(self, words: list[str]) -> None:
        """Have hosts run beside the page, as ``psnet lab up`` with these words."""
        if self.real:
            self.start(f"psnet lab up {shlex.join(words)}", until="Ctrl-C stops the lab")
            path = Path(words[words.index("--inventory-out") + 1] if "--inventory-out" in words else "lab-hosts.yaml")
        else:
            path = self._lab_here(words)
        self._add_groups(self.folder / path)

    def _lab_here(self, words: list[str]) -> Path:
        """Serve the hosts from this process."""
        import typer.main

        from psnet.cli.app import app
        from psnet.cli.lab import _hosts
        from psnet.lab.run import write_inventory
        from psnet.lab.wire.server import LabServer

        lab: Any = typer.main.get_command(app)
        up = lab.commands["lab"].commands["up"]
        with contextlib.chdir(self.folder):
            given = up.make_context("up", list(words)).params
        flags = {name: given[name] for name in ("docker", "containerd", "controller")}
        file = given["file"] and self.folder / given["file"]
        hosts, plan = _hosts(given["os_"], given["count"], given["culture"], file, given["faults"], **flags)
        server = self.stack.enter_context(LabServer(hosts, faults=plan))
        self.names |= {host.name: host for host in hosts} | {"host": hosts[0]}
        write_inventory(server, hosts, self.folder / given["inventory_out"])
        return Path(given["inventory_out"])

    def _add_groups(self, path: Path) -> None:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        data["groups"] |= {name: {"hosts": hosts} for name, hosts in self.needs.get("groups", {}).items()}
        data["vars"] |= self.needs.get("vars", {})
        path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
        self.environment.setdefault("WALK_INVENTORY", str(path))

    def settings(self, url: str, **_: Any) -> Any:
        """Return how the lab's host of a URL's name is reached."""
        from psnet.inventories import load_inventory

        return load_inventory(self.environment["WALK_INVENTORY"])[url.rpartition("@")[2]].settings()

    @contextlib.contextmanager
    def here(self) -> Iterator[None]:
        """Be in the page's folder, with its environment, where the names of its hosts are the lab's."""
        import psnet.api.host
        import psnet.transport

        with _environment(self.environment), contextlib.chdir(self.cwd), contextlib.ExitStack() as stack:
            for module in (psnet.api.host, psnet.transport):
                kept = module.settings_from_url
                module.settings_from_url = self.settings
                stack.callback(setattr, module, "settings_from_url", kept)
            yield

    def python(self, block: Block) -> None:
        """Run a block of Python; an ``await`` at its top is waited for."""
        text = "\n" * block.line + textwrap.dedent(block.text)
        code = compile(text, str(self.page.path), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        with self.here(), contextlib.redirect_stdout(io.StringIO()):
            made = eval(code, self.names)
            if inspect.iscoroutine(made):
                asyncio.run(made)
        self.ran.append(block.text)

    def session(self, block: Block) -> None:
        """Run a session of a Python prompt and compare each line."""
        from psnet.report.display import displayhook

        examples = doctest.DocTestParser().get_doctest(block.text, self.names, self.page.name, None, block.line)
        said: list[str] = []
        kept, sys.__displayhook__ = sys.__displayhook__, displayhook(sys.__displayhook__)
        try:
            with self.here():
                result = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF).run(
                    examples, out=said.append, clear_globs=False
                )
        finally:
            sys.__displayhook__ = kept
        assert not result.failed, "".join(said)
        self.names = examples.globs
        self.ran.append(block.text)


def _split(text: str, by: str) -> tuple[str, str, str]:
    """Split a command line at an operator that stands outside of quotes."""
    quote = ""
    for place, letter in enumerate(text):
        quote = "" if letter == quote else quote or (letter if letter in "'\"" else "")
        if not quote and text.startswith(by, place):
            return text[:place], by, text[place + len(by) :]
    return text, "", ""


@contextlib.contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    kept = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)
