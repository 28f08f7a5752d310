"""psnet doctor over WinRM: what it mends it mends by an ordinary plan, and no more than that."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psnet.lab.labhost import LabHost

SUBNET = {"AddressPrefix": "10.44.0.0/24", "GatewayAddress": "10.44.0.1"}
NETWORK = {"Name": "l2", "Type": "l2bridge", "NetworkAdapterName": "Ethernet 2", "Subnets": [SUBNET]}
PROXY = ("listenaddress=0.0.0.0", "listenport=8081", "connectaddress=10.44.0.77", "connectport=80")
ELB = {"Type": "ELB", "Protocol": 6, "InternalPort": 8080, "VIPs": ["10.96.0.5"]}


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def post(host: LabHost, path: str, document: dict[str, Any]) -> str:
    answer = json.loads(host.hns.call("POST", path, json.dumps(document)))
    assert answer["Success"], answer
    return str(answer["Output"]["ID"])


def neglected(host: LabHost) -> dict[str, str]:
    """Leave behind what operators report; return the ids by what they are."""
    network = post(host, "/networks/", NETWORK)
    made: dict[str, str] = {}
    for name, address in (("web", "10.44.0.9"), ("kept", "10.244.1.7"), ("leaked", "10.244.1.8")):
        document = {"Name": name, "VirtualNetwork": network, "IPAddress": address}
        if name != "web":
            document |= {"IsRemoteEndpoint": True, "MacAddress": f"00-15-5D-00-00-{len(made):02X}"}
        made[name] = post(host, "/endpoints/", document)
    for port, member in ((80, "kept"), (81, "kept")):
        policy = ELB | {"ExternalPort": port}
        document = {"References": [f"/endpoints/{made[member]}"], "Policies": [policy]}
        made[f"front {port}"] = post(host, "/policylists/", document)
    host.hns.call("DELETE", f"/endpoints/{made['web']}", "")
    for item in host.hns.lists:  # what is left when kube-proxy forgets a service whose pods went (kubernetes#137530)
        if item.id.lower() == made["front 81"].lower():
            item.references.clear()
    host.programs["netsh"].run(
        host,
        ["interface", "portproxy", "add", "v4tov4", *PROXY],
        [],
    )
    return made


def there(host: LabHost) -> dict[str, Any]:
    def ids(path: str) -> set[str]:
        return {str(item["ID"]) for item in json.loads(host.hns.call("GET", path, ""))["Output"]}

    return {"endpoints": ids("/endpoints/"), "lists": ids("/policylists/"), "networks": len(ids("/networks/"))}


def test_what_can_be_mended_is_shown_asked_and_mended(psnet_lab: Callable[..., Any], tmp_path: Path) -> None:
    lab = psnet_lab("2022")
    (host,) = lab.hosts.values()
    made = neglected(host)
    before = there(host)
    common = ["doctor", "-i", str(lab.inventory), "--journal", str(tmp_path / "journal.db")]
    plain = run(*common)
    assert plain.exit_code == 0  # warnings alone
    assert "psnet doctor --fix removes endpoint leaked on l2 (10.244.1.8)" in plain.stdout
    refused = run(*common, "--fix")
    assert isinstance(refused.exception, InputError)
    assert there(host) == before
    mended = run(*common, "--fix", "--yes")
    assert mended.exit_code == 0, mended.output
    assert there(host) == {
        "endpoints": before["endpoints"] - {made["leaked"]},
        "lists": before["lists"] - {made["front 81"]},
        "networks": before["networks"],
    }
    assert host.nat.proxies == []
    again = run(*common, "--fix", "--yes")
    assert again.exit_code == 0
    assert "nothing of it can be mended" in again.stdout


def test_a_saved_mending_is_a_plan_like_any_other(psnet_lab: Callable[..., Any], tmp_path: Path) -> None:
    lab = psnet_lab("2022")
    (host,) = lab.hosts.values()
    made = neglected(host)
    saved, inventory = tmp_path / "mend.json", ["-i", str(lab.inventory), "--journal", str(tmp_path / "journal.db")]
    told = run("doctor", *inventory, "--fix", "--out", str(saved))
    assert told.exit_code == 0, told.output
    assert made["leaked"] in there(host)["endpoints"]
    (plan,) = json.loads(saved.read_text(encoding="utf-8"))["plans"]
    assert {item["operation"] for item in plan["changes"]} == {"remove"}
    assert {item["reason"] for item in plan["changes"]} == {
        "doctor: leaked-remote-endpoints",
        "doctor: balancer-without-members",
        "doctor: orphan-portproxy",
    }
    assert str(saved.stat().st_mode)[-3:] == str(0o100600)[-3:]
    done = run("apply", str(saved), *inventory)
    assert done.exit_code == 0, done.output
    assert made["leaked"] not in there(host)["endpoints"]
    stale = run("apply", str(saved), *inventory)
    assert stale.exit_code == 3
    assert "has changed since the plan was saved" in stale.output


def test_the_bound_of_downtime_holds_for_mending_too(psnet_lab: Callable[..., Any], tmp_path: Path) -> None:
    lab = psnet_lab("2022")
    (host,) = lab.hosts.values()
    network = post(host, "/networks/", NETWORK)
    gone = post(host, "/endpoints/", {"Name": "old", "VirtualNetwork": network, "IPAddress": "10.44.0.9"})
    next(item for item in host.hns.endpoints if item.id.lower() == gone.lower()).state = 4
    common = ["doctor", "-i", str(lab.inventory), "--journal", str(tmp_path / "journal.db"), "--fix", "--yes"]
    refused = run(*common, "--allow-downtime", "none")
    assert refused.exit_code == 3
    assert "--allow-downtime endpoints" in refused.output
    assert gone in there(host)["endpoints"]
    assert run(*common).exit_code == 0
    assert gone not in there(host)["endpoints"]


def test_json_has_the_removals(psnet_lab: Callable[..., Any], tmp_path: Path) -> None:
    lab = psnet_lab("2022")
    neglected(next(iter(lab.hosts.values())))
    told = run("doctor", "-i", str(lab.inventory), "--journal", str(tmp_path / "journal.db"), "--json")
    (result,) = [json.loads(line)["result"] for line in told.stdout.splitlines() if '"host_finished"' in line]
    found = {item["id"]: [mend["kind"] for mend in item["mends"]] for item in result}
    assert found["leaked-remote-endpoints"] == ["endpoint"]
    assert found["balancer-without-members"] == ["load_balancer"]
    assert found["orphan-portproxy"] == ["nat_static_mapping"]


def test_what_was_found_stays_in_the_journal(psnet_lab: Callable[..., Any], tmp_path: Path) -> None:
    lab = psnet_lab("2022")
    neglected(*lab.hosts.values())
    journal, report, again = ("--journal", str(tmp_path / "journal.db")), tmp_path / "r.xml", tmp_path / "again.xml"
    run("doctor", "-i", str(lab.inventory), *journal, "--strict", "--junit", str(report))
    assert run("runs", "export", "last", *journal, "--junit", "--out", str(again)).exit_code == 0
    assert again.read_text(encoding="utf-8") == report.read_text(encoding="utf-8")
    assert 'name="leaked-remote-endpoints' in again.read_text(encoding="utf-8")
    (kept,) = json.loads(run("runs", "show", "last", *journal, "--json").stdout)["hosts"]
    assert "leaked-remote-endpoints" in {item["id"] for item in kept["findings"]}
    assert "[leaked-remote-endpoints]" in run("runs", "show", "last", *journal).stdout
