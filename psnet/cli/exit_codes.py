"""The exit codes of every verb: docs/reference/exit-codes.md is written from this table, and tests provoke each row."""

from __future__ import annotations

from typing import Final

#: What a code means, whatever the verb.
MEANING: Final = {
    0: "done, or nothing to do",
    1: "something failed on a host, or something was found",
    2: "there is work to do (where it is asked for), or something differs",
    3: "bad input: a file, an option or a value; nothing was sent",
    4: "a host could not be reached or did not let psnet in, and nothing worse happened",
    130: "Ctrl-C, where it is not the way to end the command",
}

_BAD: Final = "bad input or a wrong command line; nothing was sent"
_LOST: Final = "a host could not be reached or did not let psnet in"
_FAILED: Final = "a host failed, or was not come to"


def _codes(done: str, *, failed: str = "", two: str = "", bad: str = _BAD, lost: str = "") -> dict[int, str]:
    words = {0: done, 1: failed, 2: two, 3: bad, 4: lost}
    return {code: text for code, text in words.items() if text}


def _over_hosts(done: str, failed: str = _FAILED, two: str = "", bad: str = _BAD) -> dict[int, str]:
    return _codes(done, failed=failed, two=two, bad=bad, lost=_LOST)


_REFUSED: Final = f"{_BAD}; or Windows would refuse what is declared"
_DOWNTIME: Final = f"{_BAD}; or a plan is refused, such as by --allow-downtime"
_DRIFT: Final = "with --detailed-exitcode: a host is not as declared"

#: Verb -> exit code -> when.
EXIT_CODES: Final[dict[str, dict[int, str]]] = {
    "adopt": _over_hosts(
        "site and inventory are written, and their plan is empty",
        "a host failed, and nothing is written; or the plan of what was written is not empty",
    ),
    "advise": _codes("a network mode is recommended"),
    "apply": _over_hosts(
        "every host is as declared",
        "a change failed or something is left; a host failed or was not come to",
        bad=f"{_DOWNTIME}; or a saved plan is edited, cut, of another version or stale",
    ),
    "check": _codes("nothing was found", failed="something was found"),
    "destroy": _over_hosts(
        "nothing of psnet's is left", "a removal failed, a host failed or was not come to", bad=_DOWNTIME
    ),
    "diff": _over_hosts("no difference", two="something differs"),
    "doctor": _over_hosts(
        "no errors were found, nor warnings with --strict; with --fix none are left; with --collect it is written",
        "a host has errors, or with --strict warnings; a change of --fix failed; a host failed or was not come to",
        bad=_DOWNTIME,
    ),
    "dsc compile": _codes("the documents are written"),
    "dsc get": _over_hosts("every host has told"),
    "dsc lcm": _over_hosts("every host is set, or has told"),
    "dsc mof": _codes("the documents are written"),
    "dsc publish": _over_hosts("every host has its configuration"),
    "dsc remove": _over_hosts("the documents are removed"),
    "dsc serve": _codes("it was ended with Ctrl-C"),
    "dsc serve key add": _codes("the key is added"),
    "dsc serve key list": _codes("the keys are listed"),
    "dsc serve key revoke": _codes("the key opens nothing any more"),
    "dsc start": _over_hosts("every host is in its desired state"),
    "dsc status": _over_hosts("every host has told"),
    "dsc test": _over_hosts("every host has told", two="with --detailed-exitcode: a host is not in its desired state"),
    "dsc update": _over_hosts("every host has pulled and is in its desired state"),
    "fmt": _codes("the files have their form", failed="with --check or --diff: a file would change"),
    "graph": _over_hosts("it is drawn", "with --live: a host failed"),
    "inventory graph": _codes("the groups are shown"),
    "inventory list": _codes("the hosts are listed"),
    "inventory show": _codes("the host is shown"),
    "lab exec": {
        0: "the script's own exit code, here and with any other number",
        3: "bad input; or the script needs what the lab has not (unsupported)",
    },
    "lab run": {0: "the command's own exit code, here and with any other number", 3: _BAD},
    "lab up": _codes("it was ended with Ctrl-C"),
    "lint": _codes("no error was found", failed="Windows would refuse something"),
    "observe": _over_hosts("every host has told"),
    "plan": _over_hosts("every host is planned for", two=_DRIFT, bad=_REFUSED),
    "play": {
        0: "done",
        1: "an error of Ansible's, or ansible-core is not installed",
        2: "a task failed on a host; or a wrong command line",
        4: "a host was unreachable, or the playbook is wrong",
    },
    "record": _over_hosts("the recordings are written", "a host failed; with --compare: the lab differs"),
    "render": _over_hosts("the scripts are written", bad=_REFUSED),
    "run": _over_hosts("the script ran without an error", "the script reported an error, or a host was not come to"),
    "runs diff": _codes("the runs are compared"),
    "runs export": _codes("the run is written"),
    "runs list": _codes("the runs are listed"),
    "runs resume": _over_hosts(
        "every host is as declared", "a change failed or something is left; a host failed", bad=_DOWNTIME
    ),
    "runs show": _codes("the run is shown"),
    "schema": _codes("the schema is printed"),
    "sdn show": _over_hosts("the controller has told", "the controller failed"),
    "sdn trace": _over_hosts(
        "allowed", "denied; with --live: a host failed", two="it depends on which member takes it"
    ),
    "shell": _codes("the prompt was left", failed="what was given to run failed"),
    "show": _codes("the plan is shown", bad=f"{_BAD}; or the plan is edited, cut or of another version"),
    "top": _over_hosts("it was ended with Ctrl-C, or after --count rounds", "in the last round a host failed"),
    "trace": _over_hosts("open, or not known to be shut", "shut, or the host failed"),
    "validate": _codes(
        "no error was found", failed="Windows would refuse something", bad="a file is no site, or bad input"
    ),
    "watch": _over_hosts(
        "every host was planned for in the last round",
        two="with --detailed-exitcode: in the last round a host was not as declared",
        bad=_REFUSED,
    ),
}
