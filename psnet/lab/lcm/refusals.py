"""The errors of the Local Configuration Manager.

Its errors reach a client as CimExceptions of the class MSFT_DSCLocalConfigurationManager. Ids and texts are Windows'
where a source shows them (``MI RESULT 1``, ``ProviderOperationExecutionFailure``, ...); what Windows is known to
refuse without a known id has one that begins with ``Lab.``, so that no script can rest on it.
"""

from __future__ import annotations

from typing import Final

from psnet.lab.host.refusal import HostRefusal

NAMESPACE: Final = "root/Microsoft/Windows/DesiredStateConfiguration"
CLASS: Final = "MSFT_DSCLocalConfigurationManager"
TARGET: Final = f"{NAMESPACE}:{CLASS}"


def failed(message: str) -> HostRefusal:
    """Return the general failure of a method."""
    return HostRefusal("MI RESULT 1", message, "NotSpecified", target=TARGET)


def refused(name: str, message: str, category: str = "InvalidArgument") -> HostRefusal:
    """Return a refusal whose id on Windows no source gives."""
    return HostRefusal(f"Lab.{name}", message, category, target=TARGET)


def not_succeeded(method: str) -> HostRefusal:
    """Return what ends a method after the errors of its resources."""
    return failed(f"The {method} function did not succeed.")


def busy(wanted: str, running: str) -> HostRefusal:
    """Return the refusal of a second operation; both are named as cmdlets."""
    return failed(
        f"Cannot invoke the {wanted} cmdlet. The {running} cmdlet is in progress and must return before {wanted} can "
        "be invoked. Use -Force option if that is available to cancel the current operation."
    )


def no_current() -> HostRefusal:
    """Return the refusal of what needs a configuration."""
    return failed(
        "Current configuration does not exist. Execute Start-DscConfiguration command with -Path parameter to specify "
        "a configuration file and create a current configuration first."
    )


def resource_missing(resource: str, module: str, version: str) -> HostRefusal:
    """Return the refusal of a document whose module the host does not have in that version."""
    return HostRefusal(
        "Lab.DscResourceNotFound",
        f"The PowerShell DSC resource {resource} from module <{module},{version}> does not exist at the PowerShell "
        "module path nor is it registered as a WMI DSC resource.",
        "InvalidOperation",
        target=TARGET,
    )
