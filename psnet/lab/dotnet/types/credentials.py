"""Credentials and what keeps a secret's text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psnet.lab.dotnet.errors import UnsupportedError, argument_error, argument_null, thrown
from psnet.lab.dotnet.numbers import make
from psnet.lab.dotnet.objects import Native, PSCredential, SecureString
from psnet.lab.dotnet.registry import constructor, method, prop, static, static_prop
from psnet.lab.dotnet.types.misc import _CREDENTIAL, _SECRET
from psnet.lab.values import AUTOMATION_NULL


@method(_SECRET, "void AppendChar(char c)")
def _append(value: SecureString, char: str) -> Any:
    if value.read_only:
        raise thrown("InvalidOperationException", "Instance is read-only.")
    value.secret += char
    return AUTOMATION_NULL


@method(_SECRET, "void MakeReadOnly()")
def _read_only(value: SecureString) -> Any:
    value.read_only = True
    return AUTOMATION_NULL


@method(_SECRET, "void Clear()")
def _clear(value: SecureString) -> Any:
    value.secret = ""
    return AUTOMATION_NULL


@method(_SECRET, "void Dispose()")
def _dispose(value: SecureString) -> Any:
    del value
    return AUTOMATION_NULL


constructor(_SECRET, "()")(SecureString)
prop(_CREDENTIAL, "string UserName", lambda value: value.user_name)
prop(_CREDENTIAL, "securestring Password", lambda value: value.password)


@constructor(_CREDENTIAL, "(string userName, securestring password)")
def _new_credential(name: str, password: SecureString) -> PSCredential:
    if not name:
        raise argument_error(
            'Cannot process argument because the value of argument "userName" is not valid. Change the value of the "userName" argument and run the operation again.'
        )
    if password is None:
        raise argument_null("password")
    return PSCredential(name, password)


@dataclass(slots=True, eq=False, repr=False)
class NetworkCredential:
    """System.Net.NetworkCredential; its repr shows nothing."""

    user_name: str
    password: str
    domain: str
    type_name = "System.Net.NetworkCredential"


@method(_CREDENTIAL, "System.Net.NetworkCredential GetNetworkCredential()")
def _network(value: PSCredential) -> NetworkCredential:
    domain, slash, user = value.user_name.rpartition("\\")
    return NetworkCredential(user if slash else value.user_name, value.password.secret, domain)


_NETWORK = "System.Net.NetworkCredential"
prop(_NETWORK, "string UserName", lambda value: value.user_name)
prop(_NETWORK, "string Password", lambda value: value.password)
prop(_NETWORK, "string Domain", lambda value: value.domain)
prop(_NETWORK, "securestring SecurePassword", lambda value: SecureString(value.password, read_only=True))


@constructor(
    _NETWORK,
    "()",
    "(string userName, string password)",
    "(string userName, string password, string domain)",
    "(string userName, securestring password)",
)
def _new_network(name: str = "", password: Any = "", domain: str = "") -> NetworkCredential:
    return NetworkCredential(name, password.secret if isinstance(password, SecureString) else password, domain)


_MARSHAL = "System.Runtime.InteropServices.Marshal"


@static(
    _MARSHAL,
    "System.Object SecureStringToBSTR(securestring s)",
    "System.Object SecureStringToGlobalAllocUnicode(securestring s)",
)
def _to_bstr(value: SecureString) -> Native:
    return Native("System.IntPtr", {"secret": value.secret, "text": "2199023255552"})


@static(
    _MARSHAL,
    "string PtrToStringBSTR(System.Object ptr)",
    "string PtrToStringAuto(System.Object ptr)",
    "string PtrToStringUni(System.Object ptr)",
)
def _from_bstr(value: Any) -> str:
    if not isinstance(value, Native) or "secret" not in value.state:
        raise UnsupportedError("a pointer that is no secret")
    return str(value.state["secret"])


@static(
    _MARSHAL,
    "void ZeroFreeBSTR(System.Object s)",
    "void ZeroFreeGlobalAllocUnicode(System.Object s)",
    "void FreeHGlobal(System.Object hglobal)",
)
def _free(value: Any) -> Any:
    if isinstance(value, Native):
        value.state.pop("secret", None)
    return AUTOMATION_NULL


_POINTER = "System.IntPtr"


def pointer(number: int) -> Native:
    """Return an IntPtr."""
    return Native(_POINTER, {"text": str(number)})


static_prop(_POINTER, f"{_POINTER} Zero", lambda: pointer(0))


@method(_POINTER, "long ToInt64()")
def _to_long(value: Native) -> Any:
    return make("System.Int64", int(value.state["text"]))


@method(_POINTER, "bool Equals(System.Object obj)")
def _same_pointer(value: Native, other: Any) -> bool:
    return isinstance(other, Native) and other.type_name == _POINTER and other.state["text"] == value.state["text"]
