"""What Start- and Update-DscConfiguration return when they do not wait: a job, as Microsoft's pages show it.

The job cmdlets are not there; a script that polls asks Get-DscLocalConfigurationManager for LCMState.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.values import Array, EnumValue, Member, PSObject

if TYPE_CHECKING:
    from psnet.lab.lcm.manager import Lcm
    from psnet.lab.lcm.model import Run
    from psnet.lab.lcm.operation import Operation

_STATES: Final = {"Running": 1, "Completed": 2, "Failed": 3}
_STATE: Final = "System.Management.Automation.JobState"
_COMMAND: Final = "Start-DscConfiguration"


def configuration_job(lcm: Lcm, name: str, run: Run, operation: Operation, command: str = _COMMAND) -> PSObject:
    """Return the job of an operation that runs; its State follows it."""
    lcm.jobs += 2
    number = lcm.jobs - 1

    def state(_: Any) -> EnumValue:
        word = "Running" if not operation.done.is_set() else "Completed" if run.status == "Success" else "Failed"
        return EnumValue(_STATE, word, _STATES[word])

    def made(number: int, name: str, children: list[PSObject]) -> PSObject:
        values = {
            "Id": number,
            "Name": name,
            "PSJobTypeName": "ConfigurationJob",
            "HasMoreData": True,
            "Location": "localhost",
            "Command": command,
            "ChildJobs": Array(children),
        }
        members = [Member(key, "Property", value) for key, value in values.items()]
        members.insert(3, Member("State", "Property", getter=state))
        return PSObject(members, ("System.Management.Automation.Job", "System.Object"))

    return made(number, name or f"Job{number}", [made(number + 1, f"Job{number + 1}", [])])
