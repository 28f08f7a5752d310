"""Kerberos with a real KDC on loopback, against hosts of the lab that accept tickets as a domain's do."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from kerberos_realm import FAKETIME, MISSING, PASSWORD, REALM, Realm
from spnego.channel_bindings import GssChannelBindings

from psnet.errors import AuthenticationError, UnreachableError
from psnet.lab.run import make_hosts, write_inventory
from psnet.lab.wire import AuthPolicy, LabServer
from psnet.transport import ConnectionSettings, open_session

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"no Kerberos: {MISSING}")
PSRP = pytest.mark.parametrize("transport", ["psrp", "pypsrp"])
WINRM = pytest.param("winrm", marks=pytest.mark.skipif(find_spec("kerberos") is None, reason="needs pykerberos"))
ALL = pytest.mark.parametrize("transport", ["psrp", "pypsrp", WINRM])


@contextlib.contextmanager
def started(folder: Path, **options: Any) -> Iterator[Realm]:
    realm = Realm(folder, **options)
    try:
        realm.start()
        yield realm
    finally:
        realm.stop()


@pytest.fixture(scope="module")
def realm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Realm]:
    with started(tmp_path_factory.mktemp("realm")) as running:
        running.kinit("forwardable", "-f")
        running.kinit("plain", "-F")
        running.kinit_spent("spent")
        running.kinit("fresh")  # for no service yet
        yield running


@pytest.fixture(scope="module")
def lab(realm: Realm) -> Iterator[LabServer]:
    with LabServer(make_hosts(["2022"], 1), policy=AuthPolicy(keytab=realm.keytab)) as server:
        yield server


@pytest.fixture(autouse=True)
def _told(realm: Realm, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in realm.environment().items():
        monkeypatch.setenv(name, value)


def settings(lab: LabServer, transport: str, **changes: Any) -> ConnectionSettings:
    endpoint = lab.endpoints["ws2022"]
    given = {
        "address": "localhost",
        "port": endpoint.https_port,
        "ca_file": str(endpoint.ca_path),
        "auth": "kerberos",
        "transport": transport,
        "retry": {"attempts": 1},
        **changes,
    }
    if given.get("scheme") == "http":
        given |= {"port": endpoint.http_port}
    return ConnectionSettings.model_validate(given)


def logged_on(lab: LabServer, given: ConnectionSettings) -> tuple[str, str, bool]:
    """Run something; return what a connection of the host knew of its user."""
    service = lab.service("ws2022")
    before = set(service.connections)
    with contextlib.closing(open_session(given, "h1")) as session:
        assert session.run("'in'").lines() == ["in"]
        known = [item.auth.identity for item in service.connections - before if item.auth.identity]
    (found,) = set(known)
    return found.user, found.method, found.delegated


WAYS: dict[str, dict[str, Any]] = {
    "ticket": {"ccache": "forwardable"},
    "password": {"user": "Administrator", "password": PASSWORD},
    "password and realm": {"user": "Administrator", "realm": REALM, "password": PASSWORD},
    "keytab": {"user": "Administrator", "keytab": "user.keytab"},
}


def of_folder(realm: Realm, changes: dict[str, Any]) -> dict[str, Any]:
    """Return settings with the realm's folder before the names of files."""
    return {key: str(realm.folder / value) if key in ("ccache", "keytab") else value for key, value in changes.items()}


@PSRP
@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_a_ticket_logs_on_over_tls_and_with_encrypted_messages(
    realm: Realm, lab: LabServer, transport: str, scheme: str, way: str
) -> None:
    given = settings(lab, transport, scheme=scheme, **of_folder(realm, WAYS[way]))
    assert logged_on(lab, given) == ("Administrator", "Kerberos", False)
    assert not (realm.folder / "nobody.ccache").exists()  # a ticket got by password stays in memory


@ALL
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_the_ticket_of_the_usual_cache_is_taken(
    realm: Realm, lab: LabServer, transport: str, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{realm.folder / 'forwardable'}")
    given = settings(lab, transport, scheme=scheme)
    assert logged_on(lab, given)[:2] == ("Administrator", "Kerberos")


@PSRP
def test_negotiate_takes_the_ticket_when_there_is_one_and_ntlm_else(
    realm: Realm, lab: LabServer, transport: str
) -> None:
    host = lab.service("ws2022").backend.accounts()[0]
    ntlm = settings(lab, transport, auth="negotiate", user=host.user, password=host.password)
    assert logged_on(lab, ntlm)[1] == "Negotiate"
    ticket = settings(lab, transport, auth="negotiate", ccache=f"FILE:{realm.folder / 'forwardable'}")
    assert logged_on(lab, ticket)[1] == "Kerberos"


@PSRP
@pytest.mark.parametrize(
    "changes", [{"ccache": "forwardable"}, {"user": "Administrator", "password": PASSWORD}], ids=["ticket", "password"]
)
def test_a_logon_can_be_delegated(realm: Realm, lab: LabServer, transport: str, changes: dict[str, Any]) -> None:
    given = settings(lab, transport, delegate=True, **of_folder(realm, changes))
    assert logged_on(lab, given) == ("Administrator", "Kerberos", True)


@PSRP
@pytest.mark.parametrize("changes", [{"service_host": "web1"}, {"service": "HTTP"}, {"service_host": "localhost"}])
def test_service_and_host_of_the_spn_can_be_told(
    realm: Realm, lab: LabServer, transport: str, changes: dict[str, Any]
) -> None:
    given = settings(lab, transport, address="127.0.0.1", ccache=str(realm.folder / "forwardable"), verify=False)
    given = given.model_copy(update=changes if "service_host" in changes else {**changes, "address": "localhost"})
    assert logged_on(lab, given)[1] == "Kerberos"


@PSRP
def test_the_logon_is_bound_to_the_hosts_certificate(
    realm: Realm, lab: LabServer, transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that was made for another certificate is refused: so one is sent, and it is right elsewhere."""
    given = settings(lab, transport, ccache=str(realm.folder / "forwardable"))
    monkeypatch.setattr(
        "psnet.lab.wire.auth.Authenticator._bindings_for",
        lambda *_: GssChannelBindings(application_data=b"tls-server-end-point:of-another"),
    )
    with pytest.raises(AuthenticationError) as caught:
        logged_on(lab, given)
    assert caught.value.cause == "password"


FAILURES: list[tuple[str, dict[str, Any], str]] = [
    ("kerberos-ticket", {}, "kinit"),
    ("kerberos-ticket", {"ccache": "missing"}, "kinit"),
    ("kerberos-ticket", {"ccache": "spent"}, "kinit"),
    ("kerberos-password", {"user": "Administrator", "password": "wrong"}, "password"),
    ("kerberos-password", {"user": "nobody", "password": "x"}, "realm"),
    ("kerberos-password", {"user": "nobody", "keytab": "user.keytab"}, "keytab"),
    ("kerberos-spn", {"ccache": "forwardable", "service_host": "web9"}, "service_host"),
    ("kerberos-forwarding", {"ccache": "plain", "delegate": True}, "kinit -f"),
    ("kerberos-kdc", {"user": "Administrator", "realm": "NOWHERE.EXAMPLE", "password": "x"}, "krb5.conf"),
]


@PSRP
@pytest.mark.parametrize(("cause", "changes", "remedy"), FAILURES)
def test_the_ways_a_logon_fails_are_told_apart(
    realm: Realm, lab: LabServer, transport: str, cause: str, changes: dict[str, Any], remedy: str
) -> None:
    given = settings(lab, transport, **of_folder(realm, changes))
    with pytest.raises(AuthenticationError) as caught:
        logged_on(lab, given)
    assert caught.value.cause == cause, caught.value
    assert remedy in (caught.value.remedy or "")
    assert isinstance(caught.value, UnreachableError)  # exit code 4


@pytest.mark.parametrize("transport", [WINRM])
def test_the_ways_a_logon_by_pywinrm_fails_are_told_apart(
    realm: Realm, lab: LabServer, transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for cache, changes, cause in (
        ("missing", {}, "kerberos-ticket"),
        ("spent", {}, "kerberos-ticket"),
        ("forwardable", {"service_host": "web9"}, "kerberos-spn"),
    ):
        monkeypatch.setenv("KRB5CCNAME", f"FILE:{realm.folder / cache}")
        with pytest.raises(AuthenticationError) as caught:
            logged_on(lab, settings(lab, transport, **changes))
        assert caught.value.cause == cause, caught.value


@PSRP
def test_a_kdc_that_is_down_is_told(
    realm: Realm, lab: LabServer, transport: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    down = Realm(tmp_path, port=9)
    down.write_client()
    monkeypatch.setenv("KRB5_CONFIG", down.environment()["KRB5_CONFIG"])
    for changes in ({"user": "Administrator", "password": "x"}, {"ccache": "fresh"}):
        with pytest.raises(AuthenticationError) as caught:
            logged_on(lab, settings(lab, transport, **of_folder(realm, changes)))
        assert caught.value.cause == "kerberos-kdc", caught.value


@pytest.mark.skipif(FAKETIME is None, reason="needs libfaketime")
def test_clocks_that_differ_are_told(lab: LabServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with started(tmp_path, ahead=3600) as ahead:
        ahead.write_client(kdc_timesync="0")
        for name, value in ahead.environment().items():
            monkeypatch.setenv(name, value)
        for transport in ("psrp", "pypsrp"):
            with pytest.raises(AuthenticationError) as caught:
                logged_on(lab, settings(lab, transport, user="Administrator", password=PASSWORD))
            assert caught.value.cause == "kerberos-clock", caught.value


def test_an_inventory_has_a_keytab_or_a_cache_for_each_host_and_exit_code_4(realm: Realm, tmp_path: Path) -> None:
    hosts = make_hosts(["2022"], 3)
    with LabServer(hosts, policy=AuthPolicy(keytab=realm.keytab)) as server:
        path = write_inventory(server, hosts, tmp_path / "hosts.yaml")
        told = yaml.safe_load(path.read_text())
        told["connection"] = {"auth": "kerberos", "ca_file": told["connection"]["ca_file"]}
        ways = [
            {"user": "Administrator", "keytab": f"{realm.folder}/user.keytab"},
            {"ccache": f"{realm.folder}/forwardable"},
            {"ccache": f"{realm.folder}/missing"},
        ]
        for host, way in zip(told["hosts"].values(), ways, strict=True):
            host["address"] = "localhost"
            host["connection"] |= way
        path.write_text(yaml.safe_dump(told))
        psnet = shutil.which("psnet", path=str(Path(sys.executable).parent))
        assert psnet
        done = subprocess.run(
            [psnet, "observe", "-i", str(path)], capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path
        )
    said = done.stdout + done.stderr
    assert done.returncode == 4, said
    assert [f"{name}: ok" in said for name in ("ws2022-01", "ws2022-02", "ws2022-03")] == [True, True, False]
    assert "there is no Kerberos ticket" in said
    assert "run kinit" in said


@pytest.mark.parametrize("way", ["ticket", "password", "keytab"])
def test_a_session_outlives_its_ticket(lab: LabServer, realm: Realm, way: str) -> None:
    """Over HTTP libkrb5 reads no message any more once the ticket has ended: a new one is got before."""
    realm.shorten(4)
    try:
        changes = of_folder(realm, {**WAYS[way], **({"ccache": "short"} if way == "ticket" else {})})
        realm.kinit("short")
        with contextlib.ExitStack() as stack:
            sessions = [
                stack.enter_context(
                    contextlib.closing(open_session(settings(lab, name, scheme=scheme, **changes), "h1"))
                )
                for name in ("psrp", "pypsrp")
                for scheme in ("https", "http")
            ]
            assert [session.run("1").objects for session in sessions] == [(1,)] * 4
            realm.kinit_spent("watched", 4)
            realm.kinit("short")  # as whoever keeps a cache fresh does
            assert [session.run("2").objects for session in sessions] == [(2,)] * 4
    finally:
        realm.shorten(86400)
