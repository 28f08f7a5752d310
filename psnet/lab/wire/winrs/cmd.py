"""A small cmd.exe: the built-in commands that WinRM clients use to look around, and programs.

What cmd.exe has and this has not is an error on standard error and exit code 1, never silence.
"""

from __future__ import annotations

import ntpath
from typing import TYPE_CHECKING, Final

from psnet.errors import LabError
from psnet.lab.wire.api import ProcessCall, ProgramNotFoundError
from psnet.lab.wire.winrs import cmdline

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.wire.api import Backend, SessionInfo, StopSignal
    from psnet.lab.wire.winrs.console import ProcessConsole

NOT_FOUND: Final = 1  # what cmd /c returns for a command that is not there
CONTROL_C: Final = -1073741510  # STATUS_CONTROL_C_EXIT
_UNSUPPORTED: Final = frozenset(
    [
        "assoc",
        "call",
        "color",
        "copy",
        "date",
        "del",
        "dir",
        "erase",
        "for",
        "ftype",
        "goto",
        "if",
        "md",
        "mkdir",
        "mklink",
        "move",
        "path",
        "pause",
        "popd",
        "prompt",
        "pushd",
        "rd",
        "ren",
        "rename",
        "rmdir",
        "setlocal",
        "shift",
        "start",
        "time",
        "title",
        "vol",
    ]
)


class Cmd:
    """One cmd.exe process."""

    def __init__(self, backend: Backend, session: SessionInfo, console: ProcessConsole, stop: StopSignal) -> None:
        self._backend = backend
        self._session = session
        self._console = console
        self._stop = stop
        self.directory = session.working_directory or rf"C:\Users\{session.user}"
        self.environment = _environment(backend.name, session)
        self._builtins: dict[str, Callable[[str], int]] = {
            "cd": self._cd,
            "chdir": self._cd,
            "echo": self._echo,
            "rem": lambda _: 0,
            "set": self._set,
            "type": self._type,
            "ver": self._ver,
            "hostname": lambda _: self._say(self._backend.name),
            "whoami": self._whoami,
        }

    def run(self, line: str) -> int:
        """Run a command line and return the exit code."""
        code = 0
        try:
            for statement in cmdline.statements(line):
                if self._stop.is_set():
                    return CONTROL_C
                if (statement.after == "&&" and code) or (statement.after == "||" and not code):
                    continue
                text = cmdline.expand(statement.text, self.environment)
                word, rest = _first_word(text)
                if word.lower() == "exit":
                    return _exit_code(rest, code)
                code = self._redirected(statement.redirections, word, rest)
        except LabError as error:
            self._console.err(f"{error}\r\n")
            return NOT_FOUND
        return code

    def _redirected(self, redirections: list[tuple[int, str]], word: str, rest: str) -> int:
        if not redirections:
            return self._statement(word, rest)
        out, err = self._console.out, self._console.err
        targets: dict[int, Callable[[str], None]] = {1: out, 2: err}
        for source, target in redirections:
            if target.lower() == "nul":
                targets[source] = _discard
            elif target in {"&1", "&2"}:
                targets[source] = targets[int(target[1])]
            else:
                raise cmdline.CommandLineError("unsupported: redirection to a file in a cmd.exe command line")
        self._console.out, self._console.err = targets[1], targets[2]  # type: ignore[method-assign,assignment]
        try:
            return self._statement(word, rest)
        finally:
            self._console.close()
            self._console.out, self._console.err = out, err  # type: ignore[method-assign]

    def _statement(self, word: str, rest: str) -> int:
        name = word.lower().removesuffix(".exe")
        base = ntpath.basename(name)
        if word.startswith("@"):
            return self._statement(word[1:], rest)
        if name.startswith("echo") and name[4:5] in {".", ":", "("}:
            return self._say(word[5:] + rest)
        if base in self._builtins:
            return self._builtins[base](rest)
        if base == "cmd":
            return self._nested(rest)
        if base == "powershell":
            return self._powershell(rest)
        if base in _UNSUPPORTED:
            raise cmdline.CommandLineError(f"unsupported: the cmd.exe command {base}")
        call = ProcessCall(word, tuple(cmdline.split_arguments(rest)), working_directory=self.directory)
        try:
            return self._backend.run_process(call, self._session, self._console, self._stop)
        except ProgramNotFoundError:
            self._console.err(
                f"'{word}' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n"
            )
            return NOT_FOUND

    def _nested(self, rest: str) -> int:
        switch, command = _first_word(rest.strip())
        if switch.lower() not in {"/c", "/s"}:
            raise cmdline.CommandLineError("unsupported: cmd.exe without /c")
        if switch.lower() == "/s":
            _, command = _first_word(command.strip())
        command = command.strip()
        if command.startswith('"') and command.endswith('"') and len(command) > 1:
            command = command[1:-1]
        return Cmd(self._backend, self._session, self._console, self._stop).run(command)

    def _powershell(self, rest: str) -> int:
        call = cmdline.powershell_call(cmdline.split_arguments(rest))
        script = call.script
        if call.from_stdin or (script is None and call.file is None):
            script = b"".join(self._console.input()).decode("utf-8", "replace")
        self._console.clixml = call.output_format == "xml" or (call.encoded and call.output_format is None)
        process = ProcessCall(
            "powershell.exe",
            call.arguments,
            script=script,
            file=call.file,
            no_profile=call.no_profile,
            working_directory=self.directory,
        )
        try:
            return self._backend.run_process(process, self._session, self._console, self._stop)
        finally:
            self._console.close()
            self._console.clixml = False

    def _say(self, text: str) -> int:
        self._console.out(f"{text}\r\n")
        return 0

    def _echo(self, rest: str) -> int:
        text = rest[1:] if rest[:1] in {" ", "\t"} else rest
        return self._say(text if text.strip() else "ECHO is on.")

    def _cd(self, rest: str) -> int:
        target = rest.strip().removeprefix("/d ").removeprefix("/D ").strip('" ')
        if target:
            self.directory = ntpath.normpath(ntpath.join(self.directory, target))
            return 0
        return self._say(self.directory)

    def _set(self, rest: str) -> int:
        text = rest.lstrip().strip('"')
        name, equals, value = text.partition("=")
        if equals:
            old = next((key for key in self.environment if key.lower() == name.lower()), name)
            if value:
                self.environment[old] = value
            else:
                self.environment.pop(old, None)
            return 0
        text = text.strip()
        shown = {n: v for n, v in self.environment.items() if n.lower().startswith(text.lower())}
        for key in sorted(shown, key=str.lower):
            self._say(f"{key}={shown[key]}")
        if not shown:
            self._console.err(f"Environment variable {text} not defined\r\n")
        return 0 if shown else 1

    def _ver(self, _: str) -> int:
        version = self._backend.product_version.partition("OS: ")[2].partition(" ")[0] or "10.0.0"
        self._console.out("\r\n")
        return self._say(f"Microsoft Windows [Version {version}]")

    def _whoami(self, rest: str) -> int:
        if rest.strip():
            raise cmdline.CommandLineError("unsupported: whoami with arguments")
        return self._say(f"{self._backend.name}\\{self._session.user}".lower())

    def _type(self, rest: str) -> int:
        path = rest.strip().strip('"').replace("'", "''")
        script = (
            f"if (-not (Test-Path -LiteralPath '{path}' -PathType Leaf)) {{ exit 1 }}\n"
            f"[System.Console]::Out.Write([System.IO.File]::ReadAllText('{path}'))"
        )
        process = ProcessCall("powershell.exe", script=script, working_directory=self.directory)
        code = self._backend.run_process(process, self._session, self._console, self._stop)
        if code:
            self._console.err("The system cannot find the file specified.\r\n")
        return code


def _discard(text: str) -> None:
    """Swallow output that goes to NUL."""


def _first_word(text: str) -> tuple[str, str]:
    if text.startswith('"'):
        end = text.find('"', 1)
        return (text[1:end], text[end + 1 :]) if end > 0 else (text[1:], "")
    for index, char in enumerate(text):
        if char in " \t=,;/" and index:
            return text[:index], text[index:]
    return text, ""


def _exit_code(rest: str, current: int) -> int:
    words = [word for word in rest.split() if word.lower() != "/b"]
    if not words:
        return current
    digits = words[0].lstrip("+-")
    return int(words[0]) if digits.isdigit() else 0


def _environment(computer: str, session: SessionInfo) -> dict[str, str]:
    profile = rf"C:\Users\{session.user}"
    return {
        "COMPUTERNAME": computer.upper(),
        "ComSpec": r"C:\Windows\system32\cmd.exe",
        "OS": "Windows_NT",
        "Path": r"C:\Windows\system32;C:\Windows;C:\Windows\System32\WindowsPowerShell\v1.0\ ".strip(),
        "PATHEXT": ".COM;.EXE;.BAT;.CMD",
        "SystemDrive": "C:",
        "SystemRoot": r"C:\Windows",
        "TEMP": rf"{profile}\AppData\Local\Temp",
        "TMP": rf"{profile}\AppData\Local\Temp",
        "USERNAME": session.user,
        "USERPROFILE": profile,
        "windir": r"C:\Windows",
        **session.environment,
    }
