"""What the collection's documentation says of modules that are no resources; ``ansible_docs.py`` writes the files."""

from __future__ import annotations

from typing import Any, Final

_PRUNE: Final = {
    "description": "With C(manage=exclusive) in the site, remove what psnet made and the site declares no more.",
    "type": "bool",
    "default": False,
}
_NAME: Final = {"description": "The name of the site, which marks what psnet makes.", "type": "str"}
_MANAGE: Final = {
    "description": "Whether things that exist already are touched.",
    "type": "str",
    "choices": ["declared", "adopt", "exclusive"],
}
#: What the arguments of these modules mean, where their models leave it to their names.
SAID: Final = {
    "script": "The script, or what is to answer true.",
    "file": "The file of the controller, looked for as files of a role are.",
    "parameters": "The values of the script's C(param) block; texts that are secrets travel as its input.",
    "error_action": "What becomes of an error that does not end the script by itself.",
    "resource": "The name of the DSC resource.",
    "module": "The module that the DSC resource is in.",
    "properties": "The properties of the DSC resource.",
    "src": "The file of the controller, looked for as files of a role are.",
    "dest": "The path on the host; a folder when it ends with a backslash.",
    "content": "The text of the file; data that is no text becomes JSON.",
    "newline_sequence": "How lines end on the host.",
    "port": "The port that must be open, seen from the controller.",
    "path": "The path that must be there.",
    "connect_timeout": "Seconds until one try to connect is given up.",
    "msg": "What the failure says.",
    "pre_delay": "Seconds to wait before the restart.",
    "post_delay": "Seconds to wait once the host is back.",
    "force": "Whether a file that is there already is overwritten.",
}
CHANGES: Final = {
    "changes": {
        "description": "Each change with its operation, kind, name, fields and status.",
        "returned": "always",
        "type": "list",
        "elements": "dict",
    },
    "ending": {
        "description": "How a change that cut the connection ended, C(confirmed), C(rolled back) or C(unknown).",
        "returned": "when there was one",
        "type": "str",
    },
    "remedy": {
        "description": "What to do when the plan is refused.",
        "returned": "when the plan is refused",
        "type": "str",
    },
}
_FILE: Final = {
    "dest": {"description": "The path on the host.", "returned": "success", "type": "str"},
    "checksum": {"description": "The SHA-256 of what the file holds.", "returned": "success", "type": "str"},
    "size": {"description": "Its length in bytes.", "returned": "success", "type": "int"},
}
#: Options of what may cut the connection.
CONFIRMATION: Final[dict[str, Any]] = {
    "confirm_within": {
        "description": "Seconds in which a change that cuts the connection has to be confirmed.",
        "type": "int",
        "default": 120,
    },
    "allow_downtime": {
        "description": "What may go with a change: nothing that has an endpoint, nothing that carries a running "
        "container, or anything.",
        "type": "str",
        "choices": ["none", "endpoints", "all"],
        "default": "endpoints",
    },
    "rollback": {
        "description": "Whether such a change is taken back when it is not confirmed.",
        "type": "bool",
        "default": True,
    },
}
ABOUT: Final[dict[str, dict[str, Any]]] = {
    "site": {
        "short": "Converge a Windows container host to a site",
        "description": [
            "Observes the host, plans, applies what differs in one pipeline, and verifies that nothing is left.",
            "The site is a file, the option O(site), or its own keys written in the task; this is the explicit batch.",
        ],
        "check": "Says what would change, given what the tasks before it would have made.",
        "options": {
            "file": {
                "description": "A site file; variables of the host fill its templates.",
                "type": "str",
                "aliases": ["src"],
            },
            "site": {"description": "The site itself.", "type": "dict"},
            "prune": _PRUNE,
            **CONFIRMATION,
            "name": _NAME,
            "manage": _MANAGE,
            "backend": {
                "description": "How container networks are made.",
                "type": "str",
                "choices": ["auto", "containers", "hns", "docker"],
            },
        },
        "examples": """
- name: What a web host needs
  psnet.windows_containers.site:
    file: web.yaml
- name: The same, written here
  psnet.windows_containers.site:
    name: web
    container_networks:
      - {name: web, mode: nat, subnet: 172.20.0.0/24}
""",
        "returned": CHANGES,
    },
    "sdn": {
        "short": "Converge a Network Controller to the section sdn of a site",
        "description": [
            "Reads the controller that the host stands for, by its cmdlets or its REST API, plans, applies, verifies."
        ],
        "options": {
            "file": {"description": "A site file with a section C(sdn).", "type": "str"},
            "prune": _PRUNE,
            "name": _NAME,
            "manage": _MANAGE,
        },
        "examples": """
- name: The policies of the shop
  psnet.windows_containers.sdn:
    file: shop.yaml
""",
        "returned": CHANGES,
    },
    "facts": {
        "short": "Read what a Windows container host has",
        "description": ["Reads networks, endpoints, mappings, rules and adapters in one pipeline; nothing is changed."],
        "check": "It never changes anything.",
        "examples": """
- name: What the host has
  psnet.windows_containers.facts:
- name: Its networks
  ansible.builtin.debug:
    msg: "{{ ansible_facts.psnet_facts.networks | map(attribute='name') }}"
""",
        "returned": {
            "ansible_facts": {
                "description": "C(psnet_facts) as psnet observe has it, and what of the usual facts is known.",
                "returned": "always",
                "type": "dict",
            }
        },
    },
    "powershell": {
        "short": "Run PowerShell of your own on a host",
        "description": [
            "Runs a script in the session of the host; its parameters are values, never text of the script.",
            "C($PSNet.Changed), C($PSNet.Failed), C($PSNet.Message) and C($PSNet.Result) say what became of it.",
        ],
        "check": "A script that may change things is skipped; with O(changes=false) it runs.",
        "examples": """
- name: Mapped ports
  psnet.windows_containers.powershell:
    script: Get-NetNatStaticMapping | ForEach-Object -Process { $_.ExternalPort }
    changes: false
  register: ports
- name: With a parameter
  psnet.windows_containers.powershell:
    script: |
      param([int] $Port)
      $PSNet.Result = $Port + 1
    parameters:
      Port: 8080
""",
        "returned": {
            "output": {
                "description": "What the script gave.",
                "returned": "success",
                "type": "list",
                "elements": "raw",
            },
            "result": {"description": "What C($PSNet.Result) was.", "returned": "success", "type": "raw"},
            "warnings": {"description": "Its warnings.", "returned": "always", "type": "list", "elements": "str"},
            "errors": {"description": "Its errors.", "returned": "always", "type": "list", "elements": "dict"},
            "error_id": {
                "description": "The FullyQualifiedErrorId of the error that ended it.",
                "returned": "failure",
                "type": "str",
            },
        },
    },
    "dsc": {
        "short": "Bring one DSC resource into its state",
        "description": ["Calls Invoke-DscResource: Test, Set where that is needed, and Test again, in one pipeline."],
        "check": "Test alone.",
        "examples": """
- name: Ping for the load balancer
  psnet.windows_containers.dsc:
    resource: PSNetFirewallRule
    module: PSNetDsc
    properties:
      Name: ping
      Ensure: Present
      Direction: Inbound
      Action: Allow
      Protocol: ICMPv4
""",
        "returned": {
            "in_desired_state": {"description": "What Test said first.", "returned": "success", "type": "bool"},
            "reboot_required": {"description": "Whether Set asks for one.", "returned": "success", "type": "bool"},
        },
    },
    "copy": {
        "short": "Write a file on a host where it differs",
        "description": ["Writes a file of the controller, or a text, whole or not at all, when its SHA-256 differs."],
        "examples": """
- name: A page
  psnet.windows_containers.copy:
    content: "hello"
    dest: C:\\web\\index.html
""",
        "returned": _FILE,
    },
    "template": {
        "short": "Fill a template and write it on a host where it differs",
        "description": ["Fills a Jinja2 template of the controller as ansible.builtin.template does, and writes it."],
        "examples": """
- name: The server's configuration
  psnet.windows_containers.template:
    src: ports.json.j2
    dest: C:\\ProgramData\\web\\ports.json
""",
        "returned": _FILE,
    },
    "wait_for": {
        "short": "Wait until something is there, or gone",
        "description": [
            "Waits for a port seen from the controller, a path on the host, or a script that answers true."
        ],
        "check": "It looks once.",
        "examples": """
- name: The web server answers
  psnet.windows_containers.wait_for:
    port: 8080
    timeout: 60
""",
        "returned": {"elapsed": {"description": "Seconds that it took.", "returned": "success", "type": "float"}},
    },
    "reboot": {
        "short": "Restart a host and wait for it",
        "description": [
            "Restarts the host, waits until it answers with another boot time, and applies a site again.",
            "From Windows Server 2019 on networks of mode nat do not survive a restart.",
        ],
        "check": "It says that it would restart.",
        "examples": """
- name: Restart, and make the networks again
  psnet.windows_containers.reboot:
    timeout: 600
    site: web.yaml
""",
        "returned": {
            "rebooted": {"description": "Whether it was restarted.", "returned": "success", "type": "bool"},
            "elapsed": {"description": "Seconds until it was back.", "returned": "success", "type": "float"},
        },
    },
}
