"""Errors of a connection, before they are converted to psnet's errors (failures.py)."""

from __future__ import annotations


class TransportError(Exception):
    """No answer: ``cause`` is the word for why (failures.py), ``said`` what a library or the host said."""

    def __init__(self, cause: str, said: str = "") -> None:
        super().__init__(cause, said)
        self.cause = cause
        self.said = said

    def __str__(self) -> str:
        return self.said or self.cause


class WsmanFault(Exception):  # noqa: N818 - WSMan calls it a fault
    """WinRM's refusal: ``code`` is its number (0 when it gave none), ``said`` its text."""

    def __init__(self, code: int, said: str = "") -> None:
        super().__init__(code, said)
        self.code = code
        self.said = said

    def __str__(self) -> str:
        return f"{self.said or 'no reason given'} ({self.code})"
