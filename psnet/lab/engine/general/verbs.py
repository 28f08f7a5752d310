"""Get-Verb: the approved verbs of Windows PowerShell 5.1. Source: Microsoft Learn, Approved Verbs for PowerShell Commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Parameters, cmdlet
from psnet.lab.values import PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext

#: The 98 verbs, by group in the order in which they are listed.
_VERBS: Final = {
    "Common": """Add Clear Close Copy Enter Exit Find Format Get Hide Join Lock Move New Open Optimize Pop Push Redo Remove
        Rename Reset Resize Search Select Set Show Skip Split Step Switch Undo Unlock Watch""",
    "Data": """Backup Checkpoint Compare Compress Convert ConvertFrom ConvertTo Dismount Edit Expand Export Group Import
        Initialize Limit Merge Mount Out Publish Restore Save Sync Unpublish Update""",
    "Lifecycle": """Approve Assert Complete Confirm Deny Disable Enable Install Invoke Register Request Restart Resume Start
        Stop Submit Suspend Uninstall Unregister Wait""",
    "Diagnostic": "Debug Measure Ping Repair Resolve Test Trace",
    "Communications": "Connect Disconnect Read Receive Send Write",
    "Security": "Block Grant Protect Revoke Unblock Unprotect",
    "Other": "Use",
}


@cmdlet("Get-Verb", "Verb string[] 0 value", function=True, module="")
def get_verb(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return the verbs that are named, or all; PowerShell 7 has others."""
    if ctx.runspace.language != "5.1":
        raise net.unsupported("Get-Verb", ctx.processor.line)
    for pattern in p.list("Verb") or ["*"]:
        for group, verbs in _VERBS.items():
            for verb in verbs.split():
                if net.is_like(verb, net.to_string(pattern)):
                    kinds = ("Selected.Microsoft.PowerShell.Commands.MemberDefinition",)
                    custom = "System.Management.Automation.PSCustomObject"
                    yield PSObject.of({"Verb": verb, "Group": group}, *kinds, custom, "System.Object")
