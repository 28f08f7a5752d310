"""What a simulated host says when it refuses an operation.

Ids are those of ``FullyQualifiedErrorId`` without the ``,<Cmdlet>`` suffix, which the cmdlet that ran adds.
Where no source gives the id of a refusal, the conservative generic ``Windows System Error 87`` stands in
(a script may not rely on it, but it must not pass either).
"""

from __future__ import annotations

from psnet.errors import LabError
from psnet.lab.host.messages import win32_text

CIM_EXCEPTION = "Microsoft.Management.Infrastructure.CimException"

# Error categories that the reference shows for a Win32 code; everything else comes as NotSpecified.
_CATEGORIES = {5: "PermissionDenied", 87: "InvalidArgument", 1168: "ObjectNotFound"}


class HostRefusal(LabError):  # noqa: N818 - a refusal is no error of ours
    """The host says no: ``error_id``, ``message`` (localised), ``category`` and .NET exception type.

    ``target`` is the text of CategoryInfo's target (a CIM class for CIM cmdlets); ``hresult`` the number
    behind the refusal, for callers below PowerShell.
    """

    exit_code = 1

    def __init__(
        self,
        error_id: str,
        message: str,
        category: str = "NotSpecified",
        exception_type: str = CIM_EXCEPTION,
        *,
        target: str | None = None,
        hresult: int = 0x80004005,
    ) -> None:
        super().__init__(message)
        self.error_id = error_id
        self.category = category
        self.exception_type = exception_type
        self.target = target
        self.hresult = hresult


def win32(code: int, culture: str = "en-US", *, text: str | None = None, target: str | None = None) -> HostRefusal:
    """Return the refusal that a CIM cmdlet raises for a Win32 code."""
    return HostRefusal(
        f"Windows System Error {code}",
        win32_text(code, culture) if text is None else text,
        _CATEGORIES.get(code, "NotSpecified"),
        target=target,
        hresult=0x80070000 | code,
    )


def hresult(
    code: int,
    message: str,
    category: str = "InvalidArgument",
    *,
    target: str | None = None,
) -> HostRefusal:
    """Return the refusal that a CIM cmdlet raises for an HRESULT or a WMI code."""
    return HostRefusal(f"HRESULT 0x{code:08x}", message, category, target=target, hresult=code)
