"""Network addresses, versions, GUIDs and URIs: reading them from text and writing them."""

from __future__ import annotations

import ipaddress
import re
import uuid

from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.errors import argument_error, argument_null, argument_range, thrown
from psnet.lab.dotnet.objects import Guid, IPAddress, MailAddress, PhysicalAddress, SemanticVersion, Uri, Version

_INT_MAX = 2**31 - 1


def parse_ip(text: str) -> IPAddress | None:
    """Return what ``IPAddress.TryParse`` makes of a text, None when it is no address.

    IPv4 takes one to four parts, each decimal, octal or hexadecimal, as the C library's inet_aton does.
    """
    if ":" in text:
        bare, _, scope = text.strip("[]").partition("%")
        try:
            packed = ipaddress.IPv6Address(bare).packed
        except ValueError:
            return None
        return IPAddress(packed, int(scope) if scope.isdigit() else 0)
    parts = text.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    numbers = [_ip_part(part) for part in parts]
    if any(number is None for number in numbers):
        return None
    whole = [number or 0 for number in numbers]
    if any(number > 255 for number in whole[:-1]) or whole[-1] >= 256 ** (5 - len(whole)):
        return None
    value = whole[-1]
    for place, number in enumerate(whole[:-1]):
        value |= number << (24 - 8 * place)
    return IPAddress(value.to_bytes(4, "big"))


def _ip_part(part: str) -> int | None:
    if re.fullmatch(r"0[xX][0-9a-fA-F]+", part):
        return int(part, 0)
    if re.fullmatch(r"0[0-7]+", part):
        return int(part, 8)
    return int(part) if re.fullmatch(r"0|[1-9]\d*", part) else None


def ip_text(address: IPAddress) -> str:
    """Return ``IPAddress.ToString()``."""
    if len(address.packed) == 4:
        return ".".join(map(str, address.packed))
    shown = ipaddress.IPv6Address(address.packed)
    text = str(shown)
    if shown.ipv4_mapped is not None:
        text = f"::ffff:{shown.ipv4_mapped}"
    return f"{text}%{address.scope}" if address.scope else text


def parse_physical(text: str) -> PhysicalAddress:
    """Return what ``PhysicalAddress.Parse`` gives; FormatException for what is none."""
    digits = text.replace("-", "").replace(":", "") if modern() else text.replace("-", "")
    lowered = re.search(r"[a-f]", digits) is not None and not modern()
    if lowered or len(digits) % 2 or not re.fullmatch(r"[0-9A-Fa-f]*", digits):
        raise thrown("FormatException", "An invalid physical address was specified.")
    return PhysicalAddress(bytes.fromhex(digits))


def parse_version(text: str) -> Version:
    """Return what ``Version.Parse`` gives; raises the exceptions that it throws."""
    parts = text.split(".")
    if not 2 <= len(parts) <= 4:
        raise argument_error("Version string portion was too short or too long.", "input" if modern() else "version")
    numbers = []
    for place, part in enumerate(parts):
        word = part.strip()
        if not re.fullmatch(r"[+-]?\d+", word):
            text_51 = "Input string was not in a correct format."
            raise thrown(
                "FormatException",
                f"The input string '{part}' was not in a correct format." if modern() else text_51,
            )
        number = int(word)
        name = ("input", "input", "build", "revision")[place] if modern() else "version"
        if number > _INT_MAX:
            raise thrown("OverflowException", "Value was either too large or too small for an Int32.")
        if number < 0:
            raise argument_range(name, "Version's parameters must be greater than or equal to zero.")
        numbers.append(number)
    return Version(*numbers)


def version_text(version: Version) -> str:
    """Return ``Version.ToString()``."""
    parts = (version.major, version.minor, version.build, version.revision)
    return ".".join(str(part) for part in parts if part >= 0)


_SEMVER = re.compile(
    r"(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)


def parse_semver(text: str) -> SemanticVersion:
    """Return what ``SemanticVersion.Parse`` gives; FormatException for what is none."""
    found = _SEMVER.fullmatch(text)
    if not found:
        raise thrown("FormatException", f"Input string was not in a correct format.{'' if text else ''}")
    major, minor, patch = (int(part or 0) for part in found.groups()[:3])
    return SemanticVersion(major, minor, patch, found[4], found[5])


def semver_text(version: SemanticVersion) -> str:
    """Return ``SemanticVersion.ToString()``."""
    pre = f"-{version.pre_release}" if version.pre_release else ""
    build = f"+{version.build}" if version.build else ""
    return f"{version.major}.{version.minor}.{version.patch}{pre}{build}"


_GUID = re.compile(
    r"\s*(?:([0-9a-f]{32})|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|\{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}"
    r"|\(([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\))\s*",
    re.IGNORECASE,
)


def parse_guid(text: str) -> Guid | None:
    """Return the GUID in a text of form N, D, B or P, None when it is none."""
    found = _GUID.fullmatch(text)
    return Guid(str(uuid.UUID(next(part for part in found.groups() if part)))) if found else None


def guid_error(text: str) -> Exception:
    """Return the FormatException that ``Guid.Parse`` throws for a text."""
    digits = "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx)."
    if not text.strip() and not modern():
        return thrown("FormatException", "Unrecognized Guid format.")
    return thrown("FormatException", digits if "-" in text else "Unrecognized Guid format.")


def guid_text(guid: Guid, form: str = "D") -> str:
    """Return ``Guid.ToString(form)``; FormatException for an unknown form."""
    plain = guid.text.replace("-", "")
    forms = {"": guid.text, "D": guid.text, "N": plain, "B": f"{{{guid.text}}}", "P": f"({guid.text})"}
    key = form.upper()
    if key == "X":
        tail = ",".join(f"0x{plain[at : at + 2]}" for at in range(16, 32, 2))
        return f"{{0x{plain[:8]},0x{plain[8:12]},0x{plain[12:16]},{{{tail}}}}}"
    if key not in forms:
        raise thrown(
            "FormatException",
            "Format string can be only 'D', 'd', 'N', 'n', 'P', 'p', 'B', 'b', 'X' or 'x'."
            if modern()
            else 'Format String can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".',
        )
    return forms[key]


def guid_bytes(guid: Guid) -> bytes:
    """Return ``Guid.ToByteArray()``: the first three groups little-endian."""
    return uuid.UUID(guid.text).bytes_le


_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NEEDS_HOST = ("http", "https", "ftp", "ws", "wss", "net.tcp")


def make_uri(text: str, kind: int = 0) -> Uri:
    """Return a Uri of a kind (0 either, 1 absolute, 2 relative); UriFormatException for what is none."""
    if text is None:
        raise argument_null("uriString")
    found = _ABSOLUTE.match(text.strip())
    windows = re.match(r"[A-Za-z]:[\\/]|\\\\", text) is not None
    absolute = found is not None or windows
    if absolute and kind != 2:
        scheme = "file" if windows else text.strip().partition(":")[0].lower()
        rest = text.strip().partition(":")[2]
        if scheme in _NEEDS_HOST and (not rest.startswith("//") or not rest.strip("/").strip()):
            raise thrown("UriFormatException", "Invalid URI: The hostname could not be parsed.")
        return Uri(text.strip() if windows else text)
    if kind == 1:
        message = (
            "Invalid URI: The URI is empty."
            if not text
            else "Invalid URI: The format of the URI could not be determined."
        )
        raise thrown("UriFormatException", message)
    if absolute:
        raise thrown(
            "UriFormatException",
            "A relative URI cannot be created because the 'uriString' parameter represents an absolute URI.",
        )
    return Uri(text, absolute=False)


def parse_mail(text: str) -> MailAddress:
    """Return what ``new MailAddress(text)`` gives; FormatException for what is none."""
    found = re.fullmatch(r'\s*(?:"?([^"<]*?)"?\s*<([^@\s<>]+)@([^@\s<>]+)>|([^@\s<>]+)@([^@\s<>]+))\s*', text)
    if not found:
        raise thrown("FormatException", "The specified string is not in the form required for an e-mail address.")
    return MailAddress(found[2] or found[4], found[3] or found[5], found[1] or "")


def guid_from_bytes(data: bytes) -> Guid:
    """Return the Guid that 16 bytes make."""
    if len(data) != 16:
        raise argument_error("Byte array for GUID must be exactly 16 bytes long.", "b")
    return Guid(str(uuid.UUID(bytes_le=data)))
