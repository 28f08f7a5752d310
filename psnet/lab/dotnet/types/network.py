"""IPAddress, IPEndPoint, PhysicalAddress, Uri, MailAddress and the network statics."""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urljoin

from psnet.lab.dotnet import addresses, uris
from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.enums import make_enum
from psnet.lab.dotnet.errors import UnsupportedError, argument_error, argument_range, thrown
from psnet.lab.dotnet.objects import IPAddress, MailAddress, PhysicalAddress, Uri
from psnet.lab.dotnet.registry import constants, constructor, method, prop, static
from psnet.lab.dotnet.types.converting import byte_array
from psnet.lab.values import Array, EnumValue, Int64, Reference

_IP, _FAMILY = "System.Net.IPAddress", "System.Net.Sockets.AddressFamily"


def _six(test: Any) -> Any:
    return lambda value: len(value.packed) == 16 and bool(test(ipaddress.IPv6Address(value.packed)))


def _address(value: IPAddress) -> Int64:
    if len(value.packed) != 4:
        raise thrown(
            "System.Net.Sockets.SocketException",
            "The attempted operation is not supported for the type of object referenced.",
        )
    return Int64(struct.unpack("<I", value.packed)[0])


prop(_IP, f"{_FAMILY} AddressFamily", lambda value: make_enum(_FAMILY, 2 if len(value.packed) == 4 else 23))
prop(_IP, "long ScopeId", lambda value: Int64(value.scope) if len(value.packed) == 16 else _address_failure())
prop(_IP, "bool IsIPv6Multicast", _six(lambda address: address.is_multicast))
prop(_IP, "bool IsIPv6LinkLocal", _six(lambda address: address.is_link_local))
prop(_IP, "bool IsIPv6SiteLocal", _six(lambda address: address.is_site_local))
prop(_IP, "bool IsIPv6Teredo", _six(lambda address: address.teredo is not None))
prop(_IP, "bool IsIPv6UniqueLocal", _six(lambda address: address in ipaddress.IPv6Network("fc00::/7")))
prop(_IP, "bool IsIPv4MappedToIPv6", _six(lambda address: address.ipv4_mapped is not None))
prop(_IP, "long Address", _address)
prop(_IP, "string IPAddressToString", addresses.ip_text, extended="ScriptProperty")
for _name, _packed in {
    "Any": bytes(4),
    "Loopback": bytes([127, 0, 0, 1]),
    "Broadcast": bytes([255] * 4),
    "None": bytes([255] * 4),
    "IPv6Any": bytes(16),
    "IPv6Loopback": bytes(15) + b"\x01",
    "IPv6None": bytes(16),
}.items():
    constants(_IP, "ipaddress", **{_name: IPAddress(_packed)})


def _address_failure() -> Any:
    raise thrown(
        "System.Net.Sockets.SocketException",
        "The attempted operation is not supported for the type of object referenced.",
    )


@static(_IP, "ipaddress Parse(string ipString)")
def _parse(text: str) -> IPAddress:
    found = addresses.parse_ip(text)
    if found is None:
        raise thrown("FormatException", "An invalid IP address was specified.")
    return found


@static(_IP, "bool TryParse(string ipString, [ref] ipaddress address)")
def _try_parse(text: str, result: Reference) -> bool:
    result.value = addresses.parse_ip(text or "")
    return result.value is not None


@static(_IP, "bool IsLoopback(ipaddress address)")
def _loopback(value: IPAddress) -> bool:
    return ipaddress.ip_address(value.packed).is_loopback


@static(_IP, "int HostToNetworkOrder(int host)", "int NetworkToHostOrder(int network)")
def _swap(value: int) -> int:
    return int(struct.unpack("<i", struct.pack(">i", value))[0])


@method(_IP, "byte[] GetAddressBytes()")
def _bytes(value: IPAddress) -> Array:
    return byte_array(value.packed)


@method(_IP, "ipaddress MapToIPv4()")
def _to_four(value: IPAddress) -> IPAddress:
    return IPAddress(value.packed[-4:])


@method(_IP, "ipaddress MapToIPv6()")
def _to_six(value: IPAddress) -> IPAddress:
    return value if len(value.packed) == 16 else IPAddress(bytes(10) + b"\xff\xff" + value.packed)


@constructor(_IP, "(byte[] address)")
def _from_bytes(data: Array) -> IPAddress:
    if len(data) not in {4, 16}:
        raise argument_error("An invalid IP address was specified.", "address")
    return IPAddress(bytes(data.items))


@constructor(_IP, "(long newAddress)")
def _from_number(value: int) -> IPAddress:
    if not 0 <= value < 2**32:
        raise argument_range("newAddress", "Specified argument was out of the range of valid values.")
    return IPAddress(int(value).to_bytes(4, "little"))


_POINT = "System.Net.IPEndPoint"


@dataclass(slots=True, eq=False)
class EndPoint:
    """System.Net.IPEndPoint."""

    address: IPAddress
    port: int
    type_name = _POINT

    @property
    def text_form(self) -> str:
        """What ``ToString()`` gives."""
        host = addresses.ip_text(self.address)
        return f"[{host}]:{self.port}" if len(self.address.packed) == 16 else f"{host}:{self.port}"


@constructor(_POINT, "(ipaddress address, int port)")
def _new_point(address: IPAddress, port: int) -> EndPoint:
    if not 0 <= port <= 65535:
        raise argument_range("port", "Specified argument was out of the range of valid values.")
    return EndPoint(address, port)


prop(_POINT, f"{_FAMILY} AddressFamily", lambda value: make_enum(_FAMILY, 2 if len(value.address.packed) == 4 else 23))
prop(_POINT, "ipaddress Address", lambda value: value.address, lambda value, new: setattr(value, "address", new))
prop(_POINT, "int Port", lambda value: value.port, lambda value, new: setattr(value, "port", new))

_MAC = "System.Net.NetworkInformation.PhysicalAddress"
constants(_MAC, "physicaladdress", **{"None": PhysicalAddress(b"")})
static(_MAC, "physicaladdress Parse(string address)")(addresses.parse_physical)


@method(_MAC, "byte[] GetAddressBytes()")
def _mac_bytes(value: PhysicalAddress) -> Array:
    return byte_array(value.packed)


@constructor(_MAC, "(byte[] address)")
def _new_mac(data: Array) -> PhysicalAddress:
    return PhysicalAddress(bytes(data.items))


# -- Uri -------------------------------------------------------------------------------------------------------

_URI, _KIND = "System.Uri", "System.UriKind"


def _part(name: str) -> Any:
    return lambda value: uris.uri_parts(value)[name]


def _host_type(value: Uri) -> EnumValue:
    host = uris.uri_parts(value)["host"].strip("[]")
    found = addresses.parse_ip(host) if host else None
    number = 0 if not host else 2 if found is None else 3 if len(found.packed) == 4 else 4
    return make_enum("System.UriHostNameType", 1 if not host and uris.uri_parts(value)["scheme"] == "file" else number)


def _segments(value: Uri) -> Array:
    path = uris.uri_parts(value)["path"]
    pieces = [f"{piece}/" for piece in path.split("/")[:-1]] + ([last] if (last := path.split("/")[-1]) else [])
    return Array(pieces, "System.String")


prop(_URI, "string AbsolutePath", _part("path"))
prop(_URI, "string AbsoluteUri", uris.absolute_uri)
prop(_URI, "string LocalPath", lambda value: _local_path(value))
prop(_URI, "string Authority", lambda value: uris.authority(uris.uri_parts(value)))
prop(_URI, "System.UriHostNameType HostNameType", _host_type)
prop(
    _URI,
    "bool IsDefaultPort",
    lambda value: uris.uri_parts(value)["port"] == uris.DEFAULT_PORTS.get(uris.uri_parts(value)["scheme"], -1),
)
prop(_URI, "bool IsFile", lambda value: uris.uri_parts(value)["scheme"] == "file")
prop(
    _URI,
    "bool IsLoopback",
    lambda value: uris.uri_parts(value)["host"] in {"localhost", "127.0.0.1", "[::1]", "loopback"},
)
prop(_URI, "string PathAndQuery", lambda value: uris.uri_parts(value)["path"] + uris.uri_parts(value)["query"])
prop(_URI, "string[] Segments", _segments)
prop(_URI, "bool IsUnc", lambda value: value.original.startswith("\\\\"))
prop(_URI, "string Host", _part("host"))
prop(_URI, "int Port", _part("port"))
prop(_URI, "string Query", _part("query"))
prop(_URI, "string Fragment", _part("fragment"))
prop(_URI, "string Scheme", _part("scheme"))
prop(_URI, "string OriginalString", lambda value: value.original)
prop(_URI, "string DnsSafeHost", lambda value: uris.uri_parts(value)["host"].strip("[]"))
prop(_URI, "string IdnHost", lambda value: _ascii_host(uris.uri_parts(value)["host"].strip("[]")))
prop(_URI, "bool IsAbsoluteUri", lambda value: value.absolute)
prop(_URI, "bool UserEscaped", lambda _: False)
prop(_URI, "string UserInfo", _part("user"))


def _local_path(value: Uri) -> str:
    parts = uris.uri_parts(value)
    path = unquote(parts["path"])
    if parts["scheme"] == "file":
        path = path.replace("/", "\\")
        return f"\\\\{parts['host']}{path}" if parts["host"] else path.lstrip("\\") if ":" in path[:4] else path
    return path


@constructor(_URI, "(string uriString)")
def _new_uri(text: str) -> Uri:
    return addresses.make_uri(text, 1)


@constructor(_URI, f"(string uriString, {_KIND} uriKind)")
def _new_kind(text: str, kind: EnumValue) -> Uri:
    return addresses.make_uri(text, kind.value)


@constructor(_URI, "(uri baseUri, string relativeUri)", "(uri baseUri, uri relativeUri)")
def _new_joined(base: Uri, relative: Any) -> Uri:
    return Uri(urljoin(uris.absolute_uri(base), relative.original if isinstance(relative, Uri) else relative))


@static(_URI, f"bool TryCreate(string uriString, {_KIND} uriKind, [ref] uri result)")
def _try_create(text: str, kind: EnumValue, result: Reference) -> bool:
    from psnet.lab.values import DotNetError  # noqa: PLC0415 - only here

    try:
        result.value = addresses.make_uri(text, kind.value)
    except DotNetError:
        result.value = None
    return result.value is not None


@static(_URI, f"bool IsWellFormedUriString(string uriString, {_KIND} uriKind)")
def _well_formed(text: str, kind: EnumValue) -> bool:
    from psnet.lab.values import DotNetError  # noqa: PLC0415 - only here

    try:
        made = addresses.make_uri(text, kind.value)
    except DotNetError:
        return False
    return " " not in text and (not made.absolute or bool(uris.uri_parts(made)["path"] is not None))


@static(_URI, "string EscapeDataString(string stringToEscape)")
def _escape(text: str) -> str:
    return quote(text, safe="-._~")


@static(_URI, "string EscapeUriString(string stringToEscape)")
def _escape_uri(text: str) -> str:
    return quote(text, safe="-._~:/?#[]@!$&'()*+,;=%")


@static(_URI, "string UnescapeDataString(string stringToUnescape)")
def _unescape(text: str) -> str:
    return unquote(text)


@static(_URI, "bool CheckSchemeName(string schemeName)")
def _scheme(text: str) -> bool:
    return bool(text) and text[0].isalpha() and all(char.isalnum() or char in "+-." for char in text)


@static(_URI, "System.UriHostNameType CheckHostName(string name)")
def _check_host(text: str) -> EnumValue:
    found = addresses.parse_ip(text)
    if found is not None and (text.count(".") == 3 or ":" in text):
        return make_enum("System.UriHostNameType", 3 if len(found.packed) == 4 else 4)
    fine = bool(text) and all(
        part and all(char.isalnum() or char in "-_" for char in part) for part in text.rstrip(".").split(".")
    )
    return make_enum("System.UriHostNameType", 2 if fine else 0)


_MAIL = "System.Net.Mail.MailAddress"
prop(_MAIL, "string DisplayName", lambda value: value.display)
prop(_MAIL, "string User", lambda value: value.user)
prop(_MAIL, "string Host", lambda value: value.host)
prop(_MAIL, "string Address", lambda value: f"{value.user}@{value.host}")
constructor(_MAIL, "(string address)")(addresses.parse_mail)


@constructor(_MAIL, "(string address, string displayName)")
def _named_mail(text: str, name: str) -> MailAddress:
    made = addresses.parse_mail(text)
    return MailAddress(made.user, made.host, name)


def _ascii_host(host: str) -> str:
    if not host.isascii():
        raise UnsupportedError("the ASCII form of an international host name")
    return host


@static("System.Net.Dns", "string GetHostName()")
def _host_name() -> str:
    return current().machine_name


_WEB = "System.Net.WebUtility"


@static(_WEB, "string UrlEncode(string value)")
def _url_encode(text: str) -> str:
    return quote(text, safe="-_.!*()").replace("%20", "+")


@static(_WEB, "string UrlDecode(string encodedValue)")
def _url_decode(text: str) -> str:
    return unquote(text.replace("+", " "))


@static(_WEB, "string HtmlEncode(string value)")
def _html_encode(text: str) -> str:
    table = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
    return "".join(table.get(char) or (f"&#{ord(char)};" if 160 <= ord(char) < 256 else char) for char in text)


@static(_WEB, "string HtmlDecode(string value)")
def _html_decode(text: str) -> str:
    import html  # noqa: PLC0415 - only here

    return html.unescape(text)
