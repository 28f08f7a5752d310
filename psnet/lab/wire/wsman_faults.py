"""WSMan faults as a Windows host raises them: code, SOAP subcode, text.

Codes are those of wsmerror.h; texts are en-US, taken from reports of real hosts where one was at hand.
"""

from __future__ import annotations

from psnet.errors import LabError


class WSManFault(LabError):  # noqa: N818 - the protocol's own word
    """A request is answered with a SOAP fault (HTTP 500)."""

    def __init__(self, code: int, message: str, subcode: str = "w:InternalError", party: str = "Receiver") -> None:
        super().__init__(message)
        self.code = code
        self.subcode = subcode
        self.party = party


def schema_fault(detail: str) -> WSManFault:
    """Return SchemaValidationError: the request's XML is not what WSMan expects."""
    return WSManFault(2150858817, detail, "w:SchemaValidationError", "Sender")


def timed_out() -> WSManFault:
    """Return TimedOut: nothing happened within OperationTimeout."""
    return WSManFault(
        2150858793,
        "The WS-Management service cannot complete the operation within the time specified in OperationTimeout. ",
        "w:TimedOut",
    )


def unknown_shell(shell_id: str) -> WSManFault:
    """Return InvalidSelectors: no such shell."""
    return WSManFault(
        2150858843,
        f"The request for the Windows Remote Shell with ShellId {shell_id} failed because the shell was "
        "not found "
        "on the server. Possible causes are: the specified ShellId is incorrect or the shell no longer "
        "exists on "
        "the server. Provide the correct ShellId or create a new shell and retry the operation.",
        "w:InvalidSelectors",
        "Sender",
    )


def unknown_command(command_id: str) -> WSManFault:
    """Return InvalidSelectors: no such command in the shell."""
    return WSManFault(
        2150858843,
        f"The Windows Remote Shell received a request to perform an operation on a command identifier "
        f"{command_id} that does not exist. Either the command has completed execution or the client "
        "specified "
        "an invalid command identifier.",
        "w:InvalidSelectors",
        "Sender",
    )


def shell_id_required() -> WSManFault:
    """Return InvalidSelectors: the ShellId selector is missing."""
    return WSManFault(
        2150858842,
        "The Windows Remote Shell cannot process the request because it requires the following selector: ShellId.",
        "w:InvalidSelectors",
        "Sender",
    )


def access_denied() -> WSManFault:
    """Return what a user hears who may log on and may not use the session configuration (ERROR_ACCESS_DENIED)."""
    return WSManFault(5, "Access is denied. ", "w:AccessDenied", "Sender")


def unknown_resource(uri: str) -> WSManFault:
    """Return DestinationUnreachable: nothing lives under this resource URI."""
    return WSManFault(
        2150858752,
        f"The WS-Management service cannot process the request. The resource URI {uri} was not found in the "
        "WS-Management catalog. The catalog contains the metadata that describes resources, or logical "
        "endpoints.",
        "a:DestinationUnreachable",
        "Sender",
    )


def unknown_configuration(name: str, machine: str) -> WSManFault:
    """Return what New-PSSession reports for a session configuration that is not registered."""
    return WSManFault(
        2150858752,
        f"The WS-Management service cannot process the request. Cannot find the {name} session "
        "configuration in "
        f"the WSMan: drive on the {machine} computer.",
        "a:DestinationUnreachable",
        "Sender",
    )


def unknown_action(action: str, uri: str) -> WSManFault:
    """Return ActionNotSupported."""
    return WSManFault(
        2150858753,
        f"The WS-Management service does not support the action {action} for the resource URI {uri}.",
        "a:ActionNotSupported",
        "Sender",
    )


def too_many_shells(limit: int) -> WSManFault:
    """Return QuotaLimit: MaxShellsPerUser."""
    return WSManFault(
        2150859173,
        "The WS-Management service cannot process the request. This user is allowed a maximum number of "
        f"{limit} "
        "concurrent shells, which has been exceeded. Close existing shells or raise the quota for this user.",
        "w:QuotaLimit",
        "Sender",
    )


def too_many_operations(limit: int) -> WSManFault:
    """Return the fault of MaxConcurrentOperationsPerUser."""
    return WSManFault(
        2150859174,
        "The WS-Management service cannot process the request. This user is allowed a maximum number of "
        f"{limit} "
        "concurrent operations, which has been exceeded. Close existing operations for this user, or raise "
        "the "
        "quota for this user.",
        "w:InternalError",
    )


def too_many_commands() -> WSManFault:
    """Return the fault of MaxConcurrentCommandsPerShell."""
    return WSManFault(
        2150859241,
        "The WS-Management service cannot process the request. The maximum number of concurrent commands "
        "per shell "
        "has been exceeded. Retry the request later or raise the Maximum Commands per Shell quota.",
        "w:InternalError",
    )


def envelope_too_large(limit: int) -> WSManFault:
    """Return EncodingLimit: the request is larger than MaxEnvelopeSizekb."""
    return WSManFault(
        2150858790,
        "The WS-Management service cannot process the request because the size of the message exceeds the "
        "maximum "
        f"envelope size of {limit} bytes.",
        "w:EncodingLimit",
        "Sender",
    )


def idle_timeout_too_short(limit_ms: int) -> WSManFault:
    """Return the fault of an IdleTimeOut below the host's minimum."""
    return WSManFault(
        2150858881,
        "The WS-Management service cannot process the request because the IdleTimeOut is below the "
        "minimum of "
        f"{limit_ms} milliseconds.",
        "w:InvalidParameter",
        "Sender",
    )


def not_disconnected(shell_id: str) -> WSManFault:
    """Return what refuses a second client while the first holds the shell (the code is a generic one)."""
    return WSManFault(
        2150858755,
        f"The Windows Remote Shell with ShellId {shell_id} cannot be connected because it is not disconnected.",
        "w:InternalError",
    )


def stream_disconnected() -> WSManFault:
    """Return what ends a pending Receive when its shell is disconnected."""
    return WSManFault(
        2150859230,
        "The WS-Management service cannot process the operation. The operation is being attempted on a "
        "client "
        "session that is unusable. The stream is disconnected.",
        "w:InternalError",
    )


def operation_aborted() -> WSManFault:
    """Return what ends a pending Receive when its shell is deleted (ERROR_OPERATION_ABORTED)."""
    return WSManFault(
        995,
        "The I/O operation has been aborted because of either a thread exit or an application request.",
        "w:InternalError",
    )


def unsupported(detail: str) -> WSManFault:
    """Return w:UnsupportedFeature for what Windows has and the lab has not."""
    return WSManFault(2150858833, f"unsupported by the lab: {detail}", "w:UnsupportedFeature", "Sender")
