"""A host's later connections resume its TLS session, and what is kept for that does not grow with them."""

from __future__ import annotations

import contextlib
import ssl
from typing import TYPE_CHECKING, Any

from psnet.inventories import load_inventory
from psnet.transport import open_session
from psnet.transport.tls import TlsTrust

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from psnet.testing import Lab


def test_a_session_is_read_once_and_resumed_from_then_on(
    psnet_lab: Callable[..., Lab], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reading of ``SSLObject.session`` costs 5 KB for good (CPython 3.11.7): a watched fleet would grow."""
    resumed: list[bool] = []
    readings: list[ssl.SSLSession | None] = []
    remember, read = TlsTrust.remember_session, ssl.SSLObject.session

    def noted(self: TlsTrust, address: str, port: int, tls: ssl.SSLObject) -> None:
        resumed.append(bool(tls.session_reused))
        remember(self, address, port, tls)

    def reading(self: Any) -> ssl.SSLSession | None:
        readings.append(read.__get__(self))  # type: ignore[attr-defined]
        return readings[-1]

    monkeypatch.setattr(TlsTrust, "remember_session", noted)
    monkeypatch.setattr(ssl.SSLObject, "session", property(reading, read.__set__))  # type: ignore[attr-defined]
    lab = psnet_lab("2022")
    settings = load_inventory(lab.inventory).hosts[0].settings()
    for _ in range(5):
        with contextlib.closing(open_session(settings, "h1")) as session:
            assert session.run("'in'").lines() == ["in"]
    assert resumed == [False, False, True, True, True]
    assert len(readings) == 1
