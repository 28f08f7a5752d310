"""The signature of a DSC node's registration: ``Authorization: Shared <base64>`` and ``x-ms-date``.

The signature is HMAC-SHA256, keyed with the registration key (UTF-8), over the Base64 SHA-256 of the body, a line
feed, and the date as the header has it: ISO 8601 in UTC with seven digits after the point.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import SecretStr

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\.(\d{7})Z", re.ASCII)
_SHARED = re.compile(r"Shared ([A-Za-z0-9+/]{43}=)", re.ASCII)


def sign(key: SecretStr, body: bytes, date: str) -> str:
    """Return the Base64 signature of a body at a date."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    mac = hmac.new(key.get_secret_value().encode(), f"{digest}\n{date}".encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def matches(key: SecretStr, body: bytes, date: str, given: str) -> bool:
    """Say whether a signature was made with a key, in constant time."""
    return hmac.compare_digest(sign(key, body, date), given)


def shared_signature(header: str) -> str | None:
    """Return the signature of an Authorization header; None when it is none of the scheme Shared."""
    found = _SHARED.fullmatch(header)
    return found[1] if found else None


def read_date(text: str) -> dt.datetime | None:
    """Return the moment that x-ms-date says (UTC, to the microsecond); None when it is not of that form."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        return dt.datetime.fromisoformat(f"{found[1]}.{found[2][:6]}+00:00")
    except ValueError:
        return None


def write_date(moment: dt.datetime) -> str:
    """Return a moment as x-ms-date has it."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"
