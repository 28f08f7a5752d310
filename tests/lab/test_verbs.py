"""Every verb to programs: its exit codes as docs/reference/exit-codes.md has them, its JSON by its schema.

Each verb is run in each way that ends with one of its codes, with --json where it has that: standard output is then
nothing but what ``psnet schema VERB`` allows, in success and in failure.
"""

from __future__ import annotations

import json
import runpy
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from sampling import one_of_each

from psnet.cli import main
from psnet.cli.app import command_tree
from psnet.cli.exit_codes import EXIT_CODES
from psnet.cli.schemas import ANSWERS, verb_schema
from psnet.lab.run import make_hosts, write_inventory
from psnet.lab.wire.faults import Fault, FaultPlan
from psnet.lab.wire.server import LabServer

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SDN = (ROOT / "examples" / "sdn" / "site.yaml").read_text(encoding="utf-8")
#: What stands for a host that is well, one that fails, and one that nobody reaches.
HOSTS = {"WELL": "-i hosts.yaml --limit ws2022-01", "SICK": "-i hosts.yaml --limit ws2022-02", "DEAD": "-i dead.yaml"}
FILES = {
    "site.yaml": (ROOT / "examples" / "minimal" / "site.yaml").read_text(encoding="utf-8"),
    "other.yaml": "name: o\nfirewall_rules:\n  - {name: o, direction: Inbound, protocol: TCP, local_ports: '81'}\n",
    "drift.yaml": "name: d\nnats: [{name: elsewhere, prefix: 172.27.0.0/24, switch: elsewhere}]\n",
    "bad.yaml": "name: x\nnatts: []\n",
    "form.yaml": "name:    x\n",
    "refused.yaml": (
        "name: r\nnats: [{name: a, prefix: 172.29.0.0/24, switch: a}]\nnat_static_mappings:\n"
        "  - {name: p, network: a, protocol: TCP, external_port: 9090, internal_address: 172.29.0.5}\n"
        "  - {name: q, network: a, protocol: TCP, external_port: 9090, internal_address: 172.29.0.6}\n"
    ),
    "dead.yaml": (
        "connection: {user: u, password: {env: DEAD_PASSWORD}, port: 1, retry: {attempts: 1}}\n"
        "hosts: {dead: {address: 127.0.0.1}}\n"
    ),
    "good.ps1": "Get-NetNat -Name web\n",
    "wrong.ps1": "Get-NetNatt\n",
    "ends.ps1": "exit 7\n",
    "unknown.ps1": "[System.Threading.Tasks.Parallel]::Invoke()\n",
    "conf.ps1": "configuration C { node h { PSNetFirewallRule r { Name = 'r'; Direction = 'Inbound' } } }\n",
    "play.yml": "- hosts: all\n  connection: local\n  gather_facts: false\n  tasks: [{debug: {msg: hello}}]\n",
    "fails.yml": "- hosts: all\n  connection: local\n  gather_facts: false\n  tasks: [{fail: {msg: no}}]\n",
    "wrong.yml": (
        "- hosts: all\n  tasks:\n    - psnet.windows_containers.container_network: {name: x, mode: nat, vlann: 3}\n"
    ),
    "sdn.yaml": SDN,
    "depends.yaml": SDN.replace(
        "subnet: shop/web}\n        - {name: db1", "subnet: shop/web, acl: db}\n        - {name: db1"
    ),
    "rest.yaml": (ROOT / "examples" / "sdn" / "rest.yaml").read_text(encoding="utf-8"),
    "nc.yaml": (
        "connection: {user: u, password: {env: DEAD_PASSWORD}, port: 1, retry: {attempts: 1}}\n"
        "hosts: {nc01: {address: 127.0.0.1, vars: {sdn_rest_url: 'https://127.0.0.1:1'}}}\n"
    ),
}
#: Verb -> code -> command lines behind the verb; ``;`` separates what is run before, whose codes do not count.
CASES: dict[str, dict[int, list[str]]] = {
    "adopt": {
        0: ["WELL --out a"],
        1: ["SICK --out b"],
        3: ["adopt WELL --out c; WELL --out c"],
        4: ["DEAD --out d"],
    },
    "advise": {0: ["--reach ports --platform vm --runtime docker"], 3: ["--reach nothing"]},
    "apply": {
        0: ["site.yaml WELL --yes"],
        1: ["site.yaml SICK --yes"],
        3: ["site.yaml WELL", "bad.yaml WELL --yes", "refused.yaml WELL --yes", "site.yaml"],
        4: ["site.yaml DEAD --yes"],
    },
    "check": {0: ["good.ps1"], 1: ["wrong.ps1"], 3: ["nowhere.ps1", "good.ps1 --tree", "site.yaml"]},
    "destroy": {0: ["WELL --yes", "WELL --out p.json"], 1: ["SICK --yes"], 3: ["WELL"], 4: ["DEAD --yes"]},
    "diff": {
        0: ["ws2022-01 ws2022-01 -i hosts.yaml"],
        1: ["ws2022-01 ws2022-02 -i hosts.yaml", "other.yaml -i hosts.yaml --limit os2022"],
        2: ["drift.yaml WELL"],
        3: ["a b c -i hosts.yaml", "nobody ws2022-01 -i hosts.yaml"],
        4: ["other.yaml DEAD", "dead dead -i dead.yaml"],
    },
    "doctor": {
        0: ["WELL"],
        1: ["SICK"],
        3: ["WELL --yes", "WELL --collect"],
        4: ["DEAD"],
    },
    "dsc compile": {0: ["site.yaml WELL --out m"], 3: ["bad.yaml WELL --out m"]},
    "dsc get": {0: ["dsc start other.yaml WELL; WELL"], 1: ["SICK"], 3: ["-i nowhere.yaml"], 4: ["DEAD"]},
    "dsc lcm": {0: ["--show WELL"], 1: ["--show SICK"], 3: ["WELL"], 4: ["--show DEAD"]},
    "dsc mof": {0: ["conf.ps1 --out n"], 3: ["nowhere.yaml"]},
    "dsc publish": {
        0: ["other.yaml WELL --force"],
        1: ["other.yaml SICK"],
        3: ["bad.yaml WELL", "other.yaml WELL --folder pull"],
        4: ["other.yaml DEAD"],
    },
    "dsc remove": {0: ["WELL"], 1: ["SICK"], 3: ["WELL --stage none"], 4: ["DEAD"]},
    "dsc serve": {3: ["--folder pull"]},
    "dsc serve key add": {0: ["k --folder pull --out k.txt"], 3: ["k --folder pull"]},
    "dsc serve key list": {
        0: ["dsc serve key add l --folder pull --out l.txt; --folder pull"],
        3: ["--folder pull --db nothing://"],
    },
    "dsc serve key revoke": {
        0: ["dsc serve key add r --folder pull --out r.txt; r --folder pull"],
        3: ["none --folder pull"],
    },
    "dsc start": {0: ["other.yaml WELL --force"], 1: ["other.yaml SICK"], 3: ["bad.yaml WELL"], 4: ["other.yaml DEAD"]},
    "dsc status": {0: ["WELL"], 1: ["SICK"], 3: ["-i nowhere.yaml"], 4: ["DEAD"]},
    "dsc test": {
        0: ["site.yaml WELL"],
        1: ["site.yaml SICK"],
        2: ["site.yaml WELL --detailed-exitcode"],
        3: ["bad.yaml WELL"],
        4: ["site.yaml DEAD"],
    },
    "dsc update": {1: ["WELL", "SICK"], 3: ["-i nowhere.yaml"], 4: ["DEAD"]},
    "fmt": {1: ["--check form.yaml", "--diff form.yaml"], 0: ["form.yaml"], 3: ["nowhere.yaml"]},
    "graph": {
        0: ["site.yaml", "hosts.yaml --limit ws2022-01 --live"],
        1: ["hosts.yaml --live --limit ws2022-02"],
        3: ["bad.yaml"],
        4: ["dead.yaml --live"],
    },
    "inventory graph": {0: ["-i hosts.yaml"], 3: ["-i nowhere.yaml"]},
    "inventory list": {0: ["-i hosts.yaml"], 3: ["-i nowhere.yaml"]},
    "inventory show": {0: ["ws2022-01 -i hosts.yaml"], 3: ["nobody -i hosts.yaml"]},
    "lab exec": {0: ["good.ps1"], 3: ["unknown.ps1", "nowhere.ps1"], 7: ["ends.ps1"]},
    "lab run": {0: ["-- true"], 3: ["-- no-such-command"], 1: ["-- false"]},
    "lab up": {3: ["--file nowhere.yaml"]},
    "lint": {0: ["site.yaml"], 1: ["refused.yaml"], 3: ["bad.yaml"]},
    "observe": {0: ["WELL"], 1: ["SICK"], 3: ["-i nowhere.yaml", "WELL --script"], 4: ["DEAD"]},
    "plan": {
        0: ["site.yaml WELL"],
        1: ["site.yaml SICK"],
        2: ["drift.yaml WELL --detailed-exitcode"],
        3: ["bad.yaml WELL", "refused.yaml WELL"],
        4: ["site.yaml DEAD"],
    },
    "play": {0: ["play.yml -i local,"], 2: ["fails.yml -i local,", "--journal"], 4: ["wrong.yml -i hosts.yaml"]},
    "record": {
        0: ["WELL --out r"],
        1: [f"--compare {ROOT / 'tests' / 'reality' / 'recordings' / 'e-netnat.yaml'}"],
        3: ["--compare nowhere.yaml"],
        4: ["DEAD --out r"],
    },
    "render": {
        0: ["site.yaml WELL --out s"],
        1: ["site.yaml SICK --out s"],
        3: ["refused.yaml WELL --out s"],
        4: ["site.yaml DEAD --out s"],
    },
    "run": {0: ["WELL -- Get-NetAdapter"], 1: ["WELL -- throw 'no'"], 3: ["WELL"], 4: ["DEAD -- 1"]},
    "runs diff": {0: ["observe WELL; observe SICK; last last"], 3: ["observe WELL; last never"]},
    "runs export": {0: ["plan site.yaml WELL; last"], 3: ["never"]},
    "runs list": {0: ["observe WELL; "], 3: ["--journal nothing://"]},
    "runs resume": {
        0: ["apply other.yaml WELL --yes; last"],
        1: ["apply other.yaml SICK --yes; last --yes"],
        3: ["apply other.yaml SICK --yes; last", "never"],
        4: ["apply other.yaml DEAD --yes; last --yes"],
    },
    "runs show": {0: ["plan other.yaml WELL; last", "observe SICK; last"], 3: ["never"]},
    "schema": {0: ["", "inventory", "runs show"], 3: ["runs shown"]},
    "sdn show": {
        0: ["rest.yaml -i hosts.yaml"],
        1: ["sdn.yaml -i hosts.yaml"],
        3: ["site.yaml -i hosts.yaml"],
        4: ["sdn.yaml -i nc.yaml"],
    },
    "sdn trace": {
        0: ["sdn.yaml --from 198.51.100.7 --to 203.0.113.10 --port 443"],
        1: ["sdn.yaml --from 198.51.100.7 --to 203.0.113.10 --port 80"],
        2: ["depends.yaml --from 198.51.100.7 --to 203.0.113.10 --port 443"],
        3: ["sdn.yaml --from 10.1.1.4 --to nobody --port 80", "site.yaml --from 10.1.1.4 --to 10.1.1.5 --port 80"],
        4: ["sdn.yaml --from 10.1.1.4 --to 10.1.1.5 --port 80 --live -i nc.yaml"],
    },
    "shell": {0: ["-c 1"], 1: ["-c raise(ValueError)"], 3: ["web"]},
    "show": {0: ["plan other.yaml WELL --out p.json; p.json"], 3: ["site.yaml"]},
    "top": {0: ["WELL --count 1"], 1: ["SICK --count 1"], 3: ["WELL --every never"], 4: ["DEAD --count 1"]},
    "trace": {
        0: ["apply site.yaml WELL --yes; ws2022-01 8080/tcp -i hosts.yaml"],
        1: ["ws2022-01 9/udp -i hosts.yaml", "ws2022-02 80 -i hosts.yaml"],
        3: ["ws2022-01 no -i hosts.yaml"],
        4: ["dead 80 -i dead.yaml"],
    },
    "validate": {0: ["site.yaml"], 1: ["refused.yaml"], 3: ["bad.yaml", "nowhere.yaml"]},
    "watch": {
        0: ["site.yaml WELL --count 1"],
        1: ["site.yaml SICK --count 1"],
        2: ["drift.yaml WELL --count 1 --detailed-exitcode"],
        3: ["refused.yaml WELL --count 1", "site.yaml WELL --every never"],
        4: ["site.yaml DEAD --count 1"],
    },
}
#: What is provoked by tests of their own: verb and code -> the test.
ELSEWHERE = {
    ("dsc serve", 0): "tests/lab/test_verbs.py::test_a_server_ends_with_ctrl_c",
    ("dsc update", 0): "tests/fleet/test_dsc_pull_fleet.py::test_a_fleet_registers_pulls_corrects_itself_and_reports",
    ("lab up", 0): "tests/lab/test_verbs.py::test_a_server_ends_with_ctrl_c",
    ("play", 1): "tests/unit/cli/test_extras.py::test_a_play_that_cannot_begin_ends_with_1",
}


#: Exit codes that are a script's or a command's own.
SCRIPTS_OWN = {("lab exec", 7), ("lab run", 1)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder with the files, and the inventory of a lab: two hosts, of which one fails, and a controller."""
    place = tmp_path_factory.mktemp("verbs")
    for name, text in FILES.items():
        (place / name).write_text(text, encoding="utf-8")
    broken = ("Get-NetAdapter", "Get-DscLocalConfigurationManager")
    faults = [Fault(action="fail", cmdlet=each, host="ws2022-02", times="always") for each in broken]
    faults.append(Fault(action="fail", cmdlet="Get-NetworkControllerVirtualNetwork", host="nc01", times="always"))
    hosts = make_hosts(("2022",), 2, controller=True)
    with LabServer(hosts, faults=FaultPlan.of(*faults)) as server:
        write_inventory(server, hosts, place / "hosts.yaml")
        yield place


def psnet(words: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    for name, text in HOSTS.items():
        words = words.replace(name, text)
    monkeypatch.setattr("sys.argv", ["psnet", *words.split()])
    with pytest.raises(SystemExit) as end:
        main()
    said = capfd.readouterr()
    return int(end.value.code or 0), said.out, said.err


@cache
def validator(verb: str) -> Draft202012Validator:
    return Draft202012Validator(verb_schema(verb))


def leaves(group: Any, *path: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, *path, name)
        if not hasattr(command, "commands") or command.invoke_without_command:
            yield " ".join([*path, name]), command


VERBS = dict(leaves(command_tree()))


def has_json(verb: str) -> bool:
    return any("--json" in each.opts for each in VERBS[verb].params)


def documents(verb: str, text: str) -> list[Any]:
    if ANSWERS[verb].form == "document":
        return [json.loads(text)]
    return [json.loads(line) for line in text.splitlines()]


def with_json(verb: str, words: str) -> str:
    before, mark, script = words.partition(" -- ")
    return f"{verb} --json {before}{mark}{script}" if has_json(verb) else f"{verb} {words}"


ROWS = [(verb, code) for verb, codes in CASES.items() for code in codes]
#: One code of each verb, another from verb to verb; the sweep: all.
SAMPLED = one_of_each(lambda row: row[0], ROWS)


@pytest.mark.parametrize(("verb", "code"), SAMPLED)
def test_a_code_and_its_json(
    verb: str, code: int, folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PSNET_JOURNAL", str(folder / "journal.sqlite"))
    monkeypatch.setenv("DEAD_PASSWORD", "p")
    for case in CASES[verb][code]:
        *before, words = case.split(";")
        for other in before:
            psnet(other, capfd, monkeypatch)
        ended, out, err = psnet(with_json(verb, words.strip()), capfd, monkeypatch)
        assert ended == code, (case, out, err)
        assert "Traceback" not in err
        if verb in ANSWERS and (has_json(verb) or code == 0):
            printed = documents(verb, out)
            assert [error.message for item in printed for error in validator(verb).iter_errors(item)] == [], case
            assert printed or verb in ("runs resume", "play"), case


def test_the_tables_leave_no_verb_out() -> None:
    assert set(EXIT_CODES) == set(VERBS)
    assert set(ANSWERS) - {"runs export"} == {verb for verb in VERBS if has_json(verb)}


def test_every_code_is_provoked() -> None:
    promised = {(verb, code) for verb, codes in EXIT_CODES.items() for code in codes}
    provoked = {(verb, code) for verb, codes in CASES.items() for code in codes}
    assert promised == (provoked | set(ELSEWHERE)) - SCRIPTS_OWN
    for place in ELSEWHERE.values():
        path, _, name = place.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def test_what_is_published_is_current() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "verb_docs.py"))
    for path, text in tool["pages"]().items():
        assert path.read_text(encoding="utf-8") == text, "run python tools/verb_docs.py"


@pytest.mark.parametrize("verb", sorted(ANSWERS))
def test_a_schema_is_printed_and_describes_itself(
    verb: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, out, _ = psnet(f"schema {verb}", capfd, monkeypatch)
    assert ended == 0
    Draft202012Validator.check_schema(json.loads(out))


@pytest.mark.parametrize(
    "words", ["lab up --inventory-out up.yaml", "dsc serve --folder pull --self-signed --listen :0"]
)
def test_a_server_ends_with_ctrl_c(words: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "psnet", *words.split()]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err


def test_a_wrong_command_line_is_told_as_json(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    for verb in sorted(verb for verb in VERBS if has_json(verb)):
        ended, out, err = psnet(f"{verb} --json --no-such-option", capfd, monkeypatch)
        if verb in ("play", "lab exec"):
            continue  # what is no option of theirs is somebody else's
        assert ended == 3, err
        assert [error.message for error in validator(verb).iter_errors(json.loads(out))] == []
        assert "--no-such-option" in json.loads(out)["error"]["message"]


def test_a_script_that_is_named_json_asks_for_none(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert psnet("run -i nowhere.yaml -- --json", capfd, monkeypatch)[1] == ""
