"""One declaration converges simulated hosts, over real PSRP on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sampling import every, swept

from psnet.apply import apply_script
from psnet.errors import AuthenticationError, CertificateError, PlanError, UnreachableError
from psnet.fleet import apply_host, run_fleet
from psnet.inventories import load_inventory
from psnet.planning import plan
from psnet.site.load import load_site, parse_site
from psnet.transport import open_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.site import Site
    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

ROOT = Path(__file__).resolve().parents[2]
WEB = load_site(ROOT / "examples" / "web" / "site.yaml")


def web(port: int = 8080) -> Site:
    return WEB.for_host("h", {"http_port": port})


def counts(result: Any) -> dict[str, int]:
    return {key: value for key, value in result.counts().items() if value}


@pytest.mark.parametrize("os", every(3, ["2016", "2019", "2022", "2025"]))
def test_plan_apply_plan_is_empty(psnet_lab: LabMaker, os: str) -> None:
    lab = psnet_lab(os)
    with lab.connect() as host:
        before = host.plan(web())
        assert counts(before) == {"create": 11}
        assert before.backend == "hns"  # endpoints are HNS objects, on 2016 too
        assert before.refusals == ()
        result = host.apply(web())
        assert [item.status for item in result.outcomes] == ["changed"] * 11, result.outcomes
        assert result.left is not None
        assert result.left.empty
        assert host.plan(web()).empty
    model = lab.hosts[host.name]
    assert {item.name for item in model.hns.networks} == {"lan", "web"}
    # Up to 2016 they are static mappings of the network's NAT; later HNS keeps them to itself (claims c01, c02).
    mapped, published = len(model.nat.mappings), len(model.nat.published)
    assert (mapped, published) == ((12, 0) if os == "2016" else (0, 12))
    assert model.firewall.rules["psnet-mapping-voice"].local_port == ["27000-27009"]


@pytest.mark.parametrize("os", ["2016", swept("2022")])
def test_changing_one_port_replaces_one_mapping(psnet_lab: LabMaker, os: str) -> None:
    lab = psnet_lab(os)
    with lab.connect() as host:
        host.apply(web())
        changed = host.plan(web(8081))
        assert (
            [(item.operation, item.kind, item.name) for item in changed.changes]
            == [
                ("replace", "nat_static_mapping", "http"),
            ]
            if os == "2016"
            else [
                # HNS publishes a port when the endpoint is made (ports.md 1): it is made again, with all of its ports.
                ("replace", "endpoint", "app"),
                ("update", "nat_static_mapping", "http"),
                ("update", "nat_static_mapping", "metrics"),
            ]
        )
        result = host.apply(web(8081))
        assert not result.failed, result.outcomes
        assert host.plan(web(8081)).empty
    nat = lab.hosts[host.name].nat
    ports = {item.external_port for item in (*nat.mappings, *nat.published)}
    assert 8081 in ports
    assert 8080 not in ports


@pytest.mark.parametrize(
    "name",
    [
        "'; Remove-Item C:\\ -Recurse #",
        "’; Remove-Item C:\\ -Recurse #",
        '$(Remove-Item C:\\) `$x ${env:PATH} "q"',
        "emoji 🙂 and ümlaut",
        "x" * 10_000,
    ],
)
def test_hostile_names_travel_and_come_back_unchanged(psnet_lab: LabMaker, name: str) -> None:
    lab = psnet_lab("2022")
    text = json.dumps({"firewall_rules": [{"name": "r", "display_name": name, "enabled": True}]}, ensure_ascii=False)
    site = parse_site(text).for_host("h")
    with lab.connect() as host:
        assert not host.apply(site).failed
        (rule,) = [rule for rule in host.observe(site).rules if rule.name == "r"]
    assert rule.display_name == name
    assert lab.hosts[host.name].firewall.rules["r"].display_name == name
    assert lab.hosts[host.name].files.find("C:\\Windows") is not None


def test_a_failure_skips_what_depends_on_it_and_leaves_the_rest_done(psnet_lab: LabMaker) -> None:
    lab = psnet_lab("2022")
    name = next(iter(lab.hosts))
    with lab.connect() as host:
        made = plan(web(), host.observe(web()), host=name)
        lab.hosts[name].nat.create("foreign", "172.20.0.0/16")  # behind psnet's back, after planning
        session = open_session(host.settings, name)
        output = session.run(apply_script(made))
        session.close()
        from psnet.apply import read_outcomes

        outcomes = {item.name: item for item in read_outcomes(made, output.lines())}
    assert outcomes["web"].status == "failed"
    assert outcomes["web"].error_id == "PSNet.HnsFailed,Invoke-PSNetHns"
    assert outcomes["http"].status == "skipped"
    assert outcomes["http"].blocked_by == "container_network web"
    assert outcomes["psnet-mapping-http"].status == "skipped"
    assert outcomes["web-ping"].status == "changed"


def test_a_refused_plan_changes_nothing(psnet_lab: LabMaker) -> None:
    lab = psnet_lab("2022")
    name = next(iter(lab.hosts))
    lab.hosts[name].nat.create("foreign", "172.20.0.0/16")
    with lab.connect() as host, pytest.raises(PlanError, match=r"WinNAT prefix is 172\.20\.0\.0/16"):
        host.apply(web())
    assert not lab.hosts[name].hns.networks


def test_a_crash_between_observe_and_apply_converges_when_run_again(psnet_lab: LabMaker) -> None:
    lab = psnet_lab("2022")
    with lab.connect() as host:
        host.plan(web())  # observed, then psnet is gone
    with lab.connect() as host:
        assert not host.apply(web()).failed


def test_a_saved_plan_is_refused_when_the_host_has_changed(psnet_lab: LabMaker) -> None:
    lab = psnet_lab("2022")
    name = next(iter(lab.hosts))
    with lab.connect() as host:
        saved = host.plan(web())
    lab.hosts[name].firewall.create({"name": "other", "display_name": "other", "group": "psnet"})
    session = open_session(load_inventory(lab.inventory)[name].settings(), name)
    with pytest.raises(PlanError, match="has changed since the plan was saved"):
        apply_host(session, name, web(), saved)
    session.close()
    assert not lab.hosts[name].hns.networks


def test_one_failing_host_leaves_the_others_alone(psnet_lab: LabMaker) -> None:
    lab = psnet_lab("2016", "2022")
    first, second = lab.hosts
    lab.hosts[first].nat.create("foreign", "192.168.240.0/24")
    hosts = load_inventory(lab.inventory).select(None)
    run = run_fleet(hosts, lambda session, host, report: apply_host(session, host.name, web(), report=report))
    answers = {answer.host.name: answer for answer in run.hosts}
    assert isinstance(answers[first].error, PlanError)
    assert answers[second].value is not None
    assert not answers[second].value.failed


def test_wrong_password_unknown_ca_and_closed_port_are_told_apart(psnet_lab: LabMaker) -> None:
    lab = psnet_lab("2022")
    for changes, kind in (
        ({"password": "wrong"}, AuthenticationError),
        ({"ca_file": None}, CertificateError),
        ({"port": 1}, UnreachableError),
    ):
        with lab.connect(**changes) as host, pytest.raises(kind) as caught:
            host.observe()
        assert caught.value.remedy
        assert "wrong" not in str(caught.value)


@pytest.mark.parametrize("transport", ["psrp", "winrm"])
def test_both_transports_observe_the_same(psnet_lab: LabMaker, transport: str) -> None:
    lab = psnet_lab("2022")
    with lab.connect() as host:
        host.apply(web())
        wanted = host.observe()
    with lab.connect(transport=transport) as host:
        assert host.observe().fingerprint() == wanted.fingerprint()


def test_containers_show_as_endpoints_of_their_kind(psnet_lab: LabMaker) -> None:
    lab = psnet_lab("2022")
    with lab.connect() as host:
        host.apply(web())
        model = lab.hosts[host.name]
        model.hns.create("inner", "nat", subnets=[{"AddressPrefix": "172.21.0.0/24", "GatewayAddress": "172.21.0.1"}])
        model.hns.attach("inner", "plain")
        model.hns.attach("inner", "isolated", hyperv=True)
        endpoints = {item.containers[0]: item for item in host.observe().endpoints if item.containers}
    assert endpoints["plain"].kind == "host vNIC"
    assert endpoints["isolated"].kind == "synthetic VM NIC"
    assert endpoints["plain"].network == "inner"


def psnet(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "psnet", *arguments], capture_output=True, text=True, check=False, cwd=cwd, timeout=110
    )


@pytest.mark.timeout(420)  # six processes: on a machine that others use, far more than their few seconds
def test_the_command_line_plans_renders_and_applies(tmp_path: Path) -> None:
    site = str(ROOT / "examples" / "minimal" / "site.yaml")
    script = tmp_path / "steps.py"
    script.write_text(
        "import subprocess, sys\n"
        "run = lambda *a: subprocess.run([sys.executable, '-m', 'psnet', *a]).returncode\n"
        f"site = {site!r}\n"
        "codes = [run('plan', site, '--detailed-exitcode', '--out', 'p.json'), run('render', site, '--out', 'ps'),\n"
        "         run('apply', 'p.json'), run('plan', site, '--detailed-exitcode'), run('observe', '--json')]\n"
        "sys.exit(0 if codes == [2, 0, 0, 0, 0] else print(codes) or 1)\n",
        encoding="utf-8",
    )
    done = psnet("lab", "run", "--os", "2016", "--os", "2022", "--", sys.executable, str(script), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("ws2016", "ws2022"):
        assert "New-NetNat -Name 'web'" in (tmp_path / "ps" / f"{name}.ps1").read_text(encoding="utf-8-sig")
    assert "Traceback" not in done.stderr


def test_bad_input_exits_with_3_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text("container_networks: [{name: a, subnett: x}]", encoding="utf-8")
    (tmp_path / "hosts.yaml").write_text("hosts: {a: }", encoding="utf-8")
    done = psnet("plan", "site.yaml", "-i", "hosts.yaml", cwd=tmp_path)
    assert done.returncode == 3
    assert "did you mean subnet?" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unreachable_host_exits_with_4(tmp_path: Path) -> None:
    (tmp_path / "hosts.yaml").write_text(
        "hosts: {a: {address: 127.0.0.1, connection: {port: 1, user: x, password: {env: HOME}}}}", encoding="utf-8"
    )
    done = psnet("observe", "-i", "hosts.yaml", cwd=tmp_path)
    assert done.returncode == 4
    assert "cannot be reached" in done.stdout
