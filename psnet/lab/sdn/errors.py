"""What the controller says when it refuses: an HTTP status and an error identifier ([MS-NCNBI] 3.1.5.35).

``InvalidParameterValue`` stands in [MS-NCNBI], ``InUse...CannotBeDeleted`` in microsoft/SDN issue 78. The other
identifiers are those of Azure's network resource provider, whose front end the Network Controller shares (the same
issue's stack trace names it); no source shows them for the Network Controller itself, so a script may rely on the
status but not on them.
"""

from __future__ import annotations

from psnet.errors import LabError


class SdnError(LabError):
    """The controller says no: ``status`` is the HTTP status, ``code`` the identifier, ``target`` where."""

    exit_code = 1

    def __init__(self, status: int, code: str, message: str, *, target: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.target = target

    def body(self) -> dict[str, object]:
        """Return the response body as [MS-NCNBI] has it."""
        error: dict[str, object] = {"code": self.code, "message": self.message}
        if self.target:
            error["target"] = self.target
        return {"error": {**error, "innerError": f"Message: {self.message}"}}


def invalid(message: str, target: str = "") -> SdnError:
    """Return the refusal of a value."""
    return SdnError(400, "InvalidParameterValue", message, target=target)


def not_found(path: str) -> SdnError:
    """Return the refusal of a path that leads nowhere."""
    return SdnError(404, "ResourceNotFound", f"The resource {path} was not found.", target=path)


def no_parent(ref: str, parent: str) -> SdnError:
    """Return the refusal to write a child whose parent is not there ([MS-NCNBI] 2.2.1.3.4: 412)."""
    return SdnError(412, "ParentResourceNotFound", f"{ref} cannot be written: {parent} was not found.", target=ref)


def dangling(ref: str, holder: str) -> SdnError:
    """Return the refusal of a reference to nothing."""
    message = (
        f"Resource {ref} referenced by resource {holder} was not found. Please make sure that the referenced resource "
        "exists."
    )
    return SdnError(400, "InvalidResourceReference", message, target=holder)


def etag_mismatch(given: str, actual: str, ref: str) -> SdnError:
    """Return the refusal of a write whose If-Match names another version."""
    message = f"Precondition failed. Etag provided in if-match header {given} does not match etag {actual} of {ref}."
    return SdnError(412, "PreconditionFailed", message, target=ref)


def in_use(type_: str, ref: str, user_type: str, user: str) -> SdnError:
    """Return the refusal to delete what something else refers to."""
    message = (
        f"{type_} {ref} is being used by {user_type} resource {user} and cannot be deleted. Delete the dependent "
        "resource first and then retry."
    )
    return SdnError(400, f"InUse{type_}CannotBeDeleted", message, target=ref)


def busy(ref: str, state: str) -> SdnError:
    """Return the refusal to touch what another operation still changes."""
    message = f"Another operation on {ref} is in progress: its provisioning state is {state}. Retry later."
    return SdnError(409, "AnotherOperationInProgress", message, target=ref)
