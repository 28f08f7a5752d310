"""The words of a play, a block and a task, and those of Ansible's that psnet does not have, with the reason."""

from __future__ import annotations

from typing import Final

#: Handed down from plays and blocks to their tasks; the innermost one counts.
HANDED_DOWN: Final = frozenset(
    {
        *("check_mode", "diff", "no_log", "run_once", "delegate_to", "delegate_facts"),
        *("any_errors_fatal", "ignore_errors", "ignore_unreachable"),
    }
)
#: Those that a play does not take.
_NOT_OF_A_PLAY: Final = frozenset({"delegate_to", "delegate_facts"})
PLAY: Final = frozenset(
    {
        *("name", "hosts", "vars", "vars_files", "vars_prompt", "gather_facts", "serial", "max_fail_percentage"),
        *("strategy", "order", "force_handlers", "pre_tasks", "roles", "tasks", "post_tasks", "handlers", "tags"),
        *(HANDED_DOWN - _NOT_OF_A_PLAY),
    }
)
BLOCK: Final = frozenset({"name", "block", "rescue", "always", "when", "vars", "tags", "notify", *HANDED_DOWN})
TASK: Final = frozenset(
    {
        *("name", "when", "vars", "tags", "loop", "loop_control", "register", "until", "retries", "delay"),
        *("changed_when", "failed_when", "notify", "args", *HANDED_DOWN),
    }
)
HANDLER: Final = TASK | {"listen"}
LOOP_CONTROL: Final = frozenset({"loop_var", "index_var", "label", "pause", "extended"})
PROMPT: Final = frozenset({"name", "prompt", "private", "default", "confirm"})
STRATEGIES: Final = ("linear", "free")

#: Ansible's words that mean something else here, or nothing.
REFUSED: Final = {
    "become": "psnet logs on as the user of the inventory; there is no sudo on Windows",
    "become_user": "psnet logs on as the user of the inventory",
    "become_method": "psnet logs on as the user of the inventory",
    "become_flags": "psnet logs on as the user of the inventory",
    "connection": "the inventory says how a host is reached",
    "port": "the inventory says how a host is reached",
    "remote_user": "the inventory says how a host is reached",
    "environment": "set $env:NAME in the script of psnet.powershell",
    "module_defaults": "use a YAML anchor, or variables",
    "collections": "psnet's modules have one name each",
    "async": "psnet waits for each task; psnet.wait_for polls",
    "poll": "psnet waits for each task; psnet.wait_for polls",
    "throttle": "use serial in the play, or --forks",
    "timeout": "the inventory's connection has time-outs",
    "debugger": "use --step, or psnet.debug",
    "action": "write the module's name as the key",
    "local_action": "write the module's name as the key, and delegate_to: localhost",
    "gather_subset": "psnet reads everything in one pass",
    "gather_timeout": "the inventory's connection has time-outs",
    "fact_path": "psnet reads facts of Windows, not files of facts",
}
