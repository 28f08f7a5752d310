"""WSMan resources that are read: the configuration, shells, commands."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from psnet.lab.wire import soap, wsman_faults

if TYPE_CHECKING:
    from psnet.lab.wire.service import HostService

_FILTER_REQUIRED = 2150859200


def get(service: HostService, request: soap.Request) -> str:
    """Answer Get of the configuration or of one shell."""
    resource = request.resource.lower()
    if resource == soap.CFG:
        return _config(service)
    if resource in {soap.SHELL_URI, soap.CMD_URI} or resource.startswith(soap.PWSH):
        shell_id = request.selectors.get("ShellId")
        if not shell_id:
            raise wsman_faults.shell_id_required()
        shell = service.shells.get(shell_id.upper())
        if shell is None:
            raise wsman_faults.unknown_shell(shell_id)
        return shell.describe()
    raise wsman_faults.unknown_resource(request.resource)


def enumerate_(service: HostService, request: soap.Request, user: str) -> str:
    """Answer an optimised Enumerate of shells, or of one shell's commands."""
    if request.resource.lower() == soap.SHELL_URI:
        items = [shell.describe() for shell in service.shells.values() if shell.session.user == user]
    elif request.resource.lower() == soap.COMMAND_URI.lower():
        selector = request.body.find(f".//{{{soap.W}}}Selector[@Name='ShellId']")
        if selector is None:
            raise wsman_faults.WSManFault(
                _FILTER_REQUIRED,
                "The WS-Management service cannot enumerate the commands of a shell without a filter that names it.",
                "n:FilteringRequired",
                "Sender",
            )
        shell = service.shells.get((selector.text or "").upper())
        if shell is None or shell.session.user != user:
            raise wsman_faults.unknown_shell(selector.text or "")
        items = [
            ""
            f"<rsp:Command><rsp:ShellId>{shell.id}</rsp:ShellId><rsp:CommandId>{escape(command.id)}</rsp:CommandId>"
            f"<rsp:State>{'Running' if command.running else 'Done'}</rsp:State>"
            f"<rsp:CommandLine></rsp:CommandLine></rsp:Command>"
            for command in shell.commands.values()
            if not command.outbox.delivered
        ]
    else:
        raise wsman_faults.unknown_resource(request.resource)
    return (
        ""
        f"<n:EnumerateResponse><n:EnumerationContext></n:EnumerationContext><w:Items>{''.join(items)}</w:Items>"
        "<w:EndOfSequence/></n:EnumerateResponse>"
    )


def _config(service: HostService) -> str:
    quotas = service.quotas
    unencrypted = str(service.policy.allow_unencrypted).lower()
    auth = {
        "Basic": service.policy.basic,
        "Kerberos": service.policy.keytab is not None,
        "Negotiate": service.policy.negotiate,
        "Certificate": service.policy.certificate,
        "CredSSP": service.policy.credssp,
    }
    auth_xml = "".join(f"<cfg:{name}>{str(on).lower()}</cfg:{name}>" for name, on in auth.items())
    return (
        f'<cfg:Config xmlns:cfg="{soap.CFG}">'
        f"<cfg:MaxEnvelopeSizekb>{quotas.max_envelope_size_kb}</cfg:MaxEnvelopeSizekb>"
        f"<cfg:MaxTimeoutms>{quotas.max_timeout_ms}</cfg:MaxTimeoutms>"
        f"<cfg:MaxBatchItems>{quotas.max_batch_items}</cfg:MaxBatchItems>"
        "<cfg:MaxProviderRequests>4294967295</cfg:MaxProviderRequests>"
        "<cfg:Service>"
        f"<cfg:MaxConcurrentOperationsPerUser>{quotas.max_concurrent_operations_per_user}"
        "</cfg:MaxConcurrentOperationsPerUser>"
        f"<cfg:MaxConnections>{quotas.max_connections}</cfg:MaxConnections>"
        f"<cfg:AllowUnencrypted>{unencrypted}</cfg:AllowUnencrypted><cfg:Auth>{auth_xml}"
        ""
        f"<cfg:CbtHardeningLevel>{service.policy.channel_binding.capitalize()}</cfg:CbtHardeningLevel></cfg:Auth>"
        "</cfg:Service><cfg:Winrs><cfg:AllowRemoteShellAccess>true</cfg:AllowRemoteShellAccess>"
        f"<cfg:IdleTimeout>{quotas.idle_timeout_ms}</cfg:IdleTimeout>"
        f"<cfg:MaxConcurrentUsers>{quotas.max_concurrent_users}</cfg:MaxConcurrentUsers>"
        "<cfg:MaxShellRunTime>2147483647</cfg:MaxShellRunTime>"
        f"<cfg:MaxProcessesPerShell>{quotas.max_processes_per_shell}</cfg:MaxProcessesPerShell>"
        f"<cfg:MaxMemoryPerShellMB>{quotas.max_memory_per_shell_mb}</cfg:MaxMemoryPerShellMB>"
        f"<cfg:MaxShellsPerUser>{quotas.max_shells_per_user}</cfg:MaxShellsPerUser></cfg:Winrs></cfg:Config>"
    )
