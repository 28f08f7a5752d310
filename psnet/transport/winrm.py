"""Sessions over WinRS, where PSRP is closed: powershell.exe -EncodedCommand (pywinrm)."""

from __future__ import annotations

import base64
import contextlib
import re
import uuid
from html import unescape
from typing import TYPE_CHECKING, Literal

from winrm.protocol import Protocol

from psnet.transport.failures import explain
from psnet.transport.output import ErrorText, Output

if TYPE_CHECKING:
    from psnet.transport.settings import ConnectionSettings

# A command line holds 8,191 characters, fewer than a script: a short one reads it from standard input.
_BOOTSTRAP = """$ProgressPreference = 'SilentlyContinue'
$encoded = -join @($input)
$text = [System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String($encoded))
$script = [scriptblock]::Create($text)
& $script
"""
_ERROR = re.compile(r"<S S=\"Error\">(.*?)</S>", re.DOTALL)
_ARGUMENTS = (
    "-NoProfile",
    "-NonInteractive",
    "-ExecutionPolicy",
    "Bypass",
    "-EncodedCommand",
    base64.b64encode(_BOOTSTRAP.encode("utf-16-le")).decode(),
)
_AUTH: dict[str, Literal["ntlm", "kerberos", "basic", "credssp", "certificate"]] = {
    "negotiate": "ntlm",
    "ntlm": "ntlm",
    "kerberos": "kerberos",
    "basic": "basic",
    "credssp": "credssp",
    "certificate": "certificate",
}
_CONTROL = re.compile(r"_x([0-9A-Fa-f]{4})_")


class WinrmSession:
    """One WinRS shell on one host; use it from one thread at a time."""

    def __init__(self, settings: ConnectionSettings, host: str) -> None:
        self.settings = settings
        self.host = host
        self._protocol: Protocol | None = None
        self._shell: str | None = None

    def __repr__(self) -> str:
        return f"WinrmSession({self.host!r})"

    def run(self, script: str) -> Output:
        """Run a script in powershell.exe; its output comes back as lines of text."""
        protocol, shell = self._open()
        marker = f"psnet-{uuid.uuid4().hex}"
        try:
            command = protocol.run_command(shell, "powershell.exe", _ARGUMENTS)
            protocol.send_command_input(shell, command, _framed(script, marker), end=True)
            stdout, stderr, code = protocol.get_command_output(shell, command)
            protocol.cleanup_command(shell, command)
        except Exception as error:
            self._shell = None
            raise explain(error, self.settings, self.host, "running a command", opened=True) from error
        text = stdout.decode("utf-8", "replace")
        pieces = text.split(marker)
        lines = pieces[1].strip("\r\n").splitlines() if len(pieces) > 2 else []  # noqa: PLR2004 - two markers
        errors = read_clixml_errors(stderr.decode("utf-8", "replace"))
        return Output(tuple(lines), errors, failed=code != 0 or len(pieces) < 3)  # noqa: PLR2004 - as above

    def close(self) -> None:
        """Delete the shell."""
        shell, self._shell = self._shell, None
        if shell is not None and self._protocol is not None:
            with contextlib.suppress(Exception):  # nothing is lost when a shell cannot be given back
                self._protocol.close_shell(shell)

    def _open(self) -> tuple[Protocol, str]:
        if self._protocol is not None and self._shell is not None:
            return self._protocol, self._shell
        settings = self.settings
        try:
            protocol = Protocol(
                endpoint=f"{settings.scheme}://{settings.address}:{settings.effective_port}/{settings.path}",
                transport=_AUTH[settings.auth],
                username=settings.user,
                password=settings.password.get_secret_value() if settings.password else None,
                ca_trust_path=settings.ca_file or "legacy_requests",
                cert_pem=settings.certificate_file,
                cert_key_pem=settings.certificate_key_file,
                server_cert_validation="validate" if settings.verify else "ignore",
                message_encryption="auto" if settings.scheme == "https" else "always",
                read_timeout_sec=settings.read_timeout,
                operation_timeout_sec=settings.operation_timeout,
                proxy=settings.proxy,
            )
            shell: str = protocol.open_shell(codepage=65001)
        except Exception as error:
            raise explain(error, settings, self.host, "connecting", opened=False) from error
        self._protocol, self._shell = protocol, shell
        return protocol, shell


def _framed(script: str, marker: str) -> bytes:
    """Return the script between two markers, so that what a profile or a banner prints is told apart."""
    framed = f"'{marker}'\n& {{\n{script}\n}}\n'{marker}'\n"
    return base64.b64encode(framed.encode()) + b"\r\n"


def read_clixml_errors(text: str) -> tuple[ErrorText, ...]:
    """Return the errors in what powershell.exe wrote to standard error: CLIXML, or plain text.

    Standard error carries formatted text only, so the id is taken from its FullyQualifiedErrorId lines.
    """
    if not text.strip():
        return ()
    if text.lstrip().startswith("#< CLIXML"):
        parts = [unescape(part) for part in _ERROR.findall(text)]
        text = _CONTROL.sub(lambda match: chr(int(match[1], 16)), "".join(parts))
    if not text.strip():
        return ()
    ids = re.findall(r"FullyQualifiedErrorId\s*:\s*(\S+(?:\s\S+)*?)\s*(?:\r?\n|$)", text)
    return (ErrorText(message=text.strip(), error_id=ids[0] if ids else ""),)
