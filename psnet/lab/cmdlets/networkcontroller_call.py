"""How a cmdlet of the NetworkController module reaches the controller: the address, who calls, what it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import make_exception
from psnet.lab.dotnet.tostring import to_string
from psnet.lab.dotnet.typenames import unwrap
from psnet.lab.engine.confirm import no_user
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.sdn.objects import SdnObject, to_document, typed
from psnet.lab.sdn.typetable import RESOURCES
from psnet.lab.values import DotNetError, Hashtable, PSObject

if TYPE_CHECKING:
    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.documents import Document
    from psnet.lab.sdn.errors import SdnError

_WEB: Final = "System.Net.WebException"
_CATEGORIES: Final = {400: "InvalidArgument", 404: "ObjectNotFound", 409: "ResourceBusy", 412: "ResourceExists"}


def caller(ctx: CmdletContext, p: Parameters) -> Controller:
    """Return the controller that -ConnectionUri names; raises HostRefusal for an address or a caller it refuses."""
    controller: Controller = ctx.host.sdn
    uri = to_string(p["ConnectionUri"]).rstrip("/")
    if uri.lower() not in [each.lower() for each in controller.urls]:
        name = uri.partition("//")[2].partition("/")[0]
        raise HostRefusal("WebException", f"The remote name could not be resolved: '{name}'", "ConnectionError", _WEB)
    thumbprint = str(p.get("CertificateThumbprint") or "").replace(" ", "").upper()
    if controller.authentication == "X509" and thumbprint not in controller.thumbprints:
        raise HostRefusal(
            "WebException", "The remote server returned an error: (401) Unauthorized.", "SecurityError", _WEB
        )
    return controller


def record_id(error: SdnError) -> tuple[str, str]:
    """Return the id and the category of the record for a refusal."""
    return error.code, _CATEGORIES.get(error.status, "InvalidOperation")


def arguments_document(ctx: CmdletContext, p: Parameters, type_name: str) -> Document:
    """Return the document that -Properties, -Tags and -ResourceMetadata make."""
    made: Document = {"Properties": to_document(_object(ctx, p, "Properties", RESOURCES[type_name]))}
    if p.get("ResourceMetadata") is not None:
        made["ResourceMetadata"] = to_document(_object(ctx, p, "ResourceMetadata", "ResourceMetadata"))
    if p.get("Tags") is not None:
        made["Tags"] = _tags(p["Tags"])
    return made


def _object(ctx: CmdletContext, p: Parameters, parameter: str, type_name: str) -> SdnObject:
    try:
        return typed(type_name, unwrap(p[parameter]))
    except DotNetError as refused:
        message = f"Cannot bind parameter '{parameter}'. {refused.exception.message}"
        kind = "System.Management.Automation.ParameterBindingException"
        exception = make_exception(kind, message, refused.exception)
        raise ctx.fail(exception, "CannotConvertArgumentNoMessage", "InvalidArgument") from refused


def _tags(value: Any) -> Document:
    base = unwrap(value)
    if isinstance(base, Hashtable):
        return {str(key): to_string(item) for key, item in base.items()}
    if isinstance(base, PSObject):
        return {member.name: to_string(member.value) for member in base.members.values()}
    return {}


def confirmed(ctx: CmdletContext, p: Parameters, target: str) -> bool:
    """Say whether to go on; without -Force the module asks, which nobody can answer here."""
    if not ctx.should_process(target):
        return False
    if not p.switch("Force"):
        raise no_user(ctx.processor)
    return True
