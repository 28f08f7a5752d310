"""Every way in which a connection fails is told apart by its cause, over real sockets."""

from __future__ import annotations

import contextlib
import socket
import ssl
from typing import TYPE_CHECKING, Any

import pytest
from pypsrp.exceptions import WSManFaultError

from psnet.errors import HostError, InputError, RemoteError, UnreachableError
from psnet.inventories import load_inventory
from psnet.lab.run import make_hosts, write_inventory
from psnet.lab.wire import Fault, FaultPlan
from psnet.lab.wire.api import Account
from psnet.lab.wire.engine_backend import SessionConfiguration, backend_maker
from psnet.lab.wire.quotas import Quotas
from psnet.lab.wire.server import LabServer
from psnet.transport import Clock, ConnectionSettings, RetryPolicy, open_session
from psnet.transport.failures import explain
from psnet.transport.scripts import script_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

BOTH = pytest.mark.parametrize("transport", ["psrp", "pypsrp", "winrm"])
BOTH_PSRP = pytest.mark.parametrize("transport", ["psrp", "pypsrp"])
ONCE = RetryPolicy(attempts=1, resume_within=0)


def settings_of(lab: Lab, **changes: Any) -> ConnectionSettings:
    settings = load_inventory(lab.inventory).hosts[0].settings()
    return ConnectionSettings.model_validate({**dict(settings), "retry": ONCE, **changes})


def failure(settings: ConnectionSettings, script: str = "1") -> HostError:
    session = open_session(settings, "h1")
    with contextlib.closing(session), pytest.raises(HostError) as caught:
        session.run(script)
    error = caught.value
    assert error.host == "h1"
    assert error.step in ("connecting", "running a pipeline", "running a command")
    assert error.remedy
    return error


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@BOTH
@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"password": "Guess-7"}, "password"),
        ({"password": "Guess-7", "auth": "basic"}, "password"),
        ({"ca_file": None}, "unknown-ca"),
        ({"fingerprint": "ab" * 32}, "wrong-pin"),
        ({"address": "no-such-host.invalid"}, "name"),
        ({"path": "nowhere"}, "http"),
        ({"scheme": "https", "port": "http"}, "tls"),
        ({"port": "closed"}, "closed-port"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_cause_has_its_word_and_its_remedy(
    psnet_lab: LabMaker, transport: str, changes: dict[str, Any], cause: str
) -> None:
    lab = psnet_lab("2022")
    if changes.get("port") == "http":
        changes = {**changes, "port": next(iter(lab.server.endpoints.values())).http_port}
    if changes.get("port") == "closed":
        with socket.create_server(("127.0.0.1", 0)) as gone:
            changes = {**changes, "port": gone.getsockname()[1]}
    error = failure(settings_of(lab, transport=transport, **changes))
    assert error.cause == cause, error
    assert error.exit_code == 4
    assert isinstance(error, UnreachableError)
    assert "Guess-7" not in str(error)


@BOTH
def test_a_silent_host_times_out_in_the_read(transport: str, silent_port: int) -> None:
    given = {"address": "127.0.0.1", "port": silent_port, "user": "u", "password": "p", "retry": ONCE}
    settings = ConnectionSettings.model_validate(
        {**given, "transport": transport, "scheme": "http", "auth": "ntlm", "read_timeout": 2, "operation_timeout": 1}
    )
    assert failure(settings).cause == "read-timeout"


@BOTH
def test_a_wrong_pin_is_refused_before_the_credentials_are_sent(psnet_lab: LabMaker, transport: str) -> None:
    lab = psnet_lab("2022")
    wrong = settings_of(lab, fingerprint="00" * 32, auth="basic", transport=transport)
    assert failure(wrong).cause == "wrong-pin"
    assert lab.server.stats(next(iter(lab.hosts))).requests == 0


@BOTH
def test_the_right_pin_needs_no_authority(psnet_lab: LabMaker, transport: str) -> None:
    lab = psnet_lab("2022")
    given = settings_of(lab)
    pem = ssl.get_server_certificate((given.address, given.effective_port))
    digest = __import__("hashlib").sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    pinned = settings_of(lab, fingerprint=f"SHA256:{digest.upper()}", ca_file=None, transport=transport)
    with contextlib.closing(open_session(pinned, "h1")) as session:
        assert session.run("'in'").lines() == ["in"]


def test_a_fingerprint_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        ConnectionSettings(address="h", fingerprint="A909502DD82AE41433E6F83886B00D4277A32A7B")


@BOTH
def test_a_host_that_speaks_an_older_tls_only_is_refused(psnet_lab: LabMaker, transport: str) -> None:
    lab = psnet_lab("2022")
    lab.server._authority.context.maximum_version = ssl.TLSVersion.TLSv1_2  # type: ignore[union-attr]
    assert failure(settings_of(lab, transport=transport, minimum_tls="1.3")).cause == "tls"
    with contextlib.closing(open_session(settings_of(lab, transport=transport), "h1")) as session:
        assert session.run("'in'").lines() == ["in"]


@BOTH
@pytest.mark.parametrize("quota", ["shells", "operations", "commands"])
def test_a_quota_is_named_and_waited_for(psnet_lab: LabMaker, transport: str, quota: str) -> None:
    faults = FaultPlan.of(Fault(action="quota", quota=quota, operation="Create", times=3))
    lab = psnet_lab("2022", faults=faults)
    assert failure(settings_of(lab, transport=transport)).cause == f"quota-{quota}"
    slept: list[float] = []
    clock = Clock(sleep=slept.append, draw=lambda: 0.0)
    settings = settings_of(lab, transport=transport, retry=RetryPolicy(attempts=3, base=1, cap=1.5))
    with contextlib.closing(open_session(settings, "h1", clock)) as session:
        assert session.run("'in'").lines() == ["in"]
    assert slept == [1.0, 1.5]


def serve(tmp_path: Path, **options: Any) -> Any:
    hosts = make_hosts(("2022",))
    server = LabServer(hosts, **options)

    @contextlib.contextmanager
    def running() -> Iterator[ConnectionSettings]:
        with server:
            path = write_inventory(server, hosts, tmp_path / "hosts.yaml")
            yield load_inventory(path).hosts[0].settings().model_copy(update={"retry": ONCE})

    return running()


@BOTH_PSRP
def test_an_envelope_that_is_too_large_is_named(tmp_path: Path, transport: str) -> None:
    with serve(tmp_path, quotas=Quotas(max_envelope_size_kb=20)) as settings:
        error = failure(settings.model_copy(update={"transport": transport}), "#" + "x" * 100_000)
    assert error.cause == "quota-envelope"
    assert "MaxEnvelopeSizekb" in str(error.remedy)


@BOTH_PSRP
@pytest.mark.parametrize("quota", [20, 1000])
def test_a_session_outlives_the_quota_of_its_shell(tmp_path: Path, transport: str, quota: int) -> None:
    """Finished pipelines are released, in time for Windows' quota (1,000) and at once when it is smaller."""
    with serve(tmp_path, quotas=Quotas(max_concurrent_commands_per_shell=quota)) as settings:
        quick = {"transport": transport, "retry": RetryPolicy(attempts=2, base=0)}
        with contextlib.closing(open_session(settings.model_copy(update=quick), "h1")) as session:
            session.run("$kept = 'the same runspace'")
            assert [session.run(f"{n}").objects for n in range(70)] == [(n,) for n in range(70)]
            assert session.run("$kept").lines() == ["the same runspace"]


@BOTH
def test_a_user_who_is_no_administrator_is_told_from_a_wrong_password(tmp_path: Path, transport: str) -> None:
    maker = backend_maker(accounts=[Account("guest", "pw", administrator=False)])
    with serve(tmp_path, backend=maker) as settings:
        given = {**dict(settings), "user": "guest", "password": "pw", "transport": transport}
        assert failure(ConnectionSettings.model_validate(given)).cause == "access"


@BOTH_PSRP
def test_a_restricted_session_configuration_runs_commands_and_says_what_it_refuses(
    tmp_path: Path, transport: str
) -> None:
    jea = SessionConfiguration("Networks", frozenset({"Get-NetAdapter"}))
    with serve(tmp_path, backend=backend_maker(configurations=[jea])) as given:
        settings = given.model_copy(update={"transport": transport})
        named = settings.model_copy(update={"configuration_name": "Networks"})
        with contextlib.closing(open_session(named, "h1")) as session:
            assert [item.Name for item in session.run("Get-NetAdapter").objects] == ["Ethernet", "Ethernet 2"]
            for script, cause in (("1 + 1", "jea-scripts"), ("Get-NetNat", "command-not-found")):
                output = session.run(script)
                error = script_error(output, "h1", "observing")
                assert (error.cause, bool(error.remedy)) == (cause, True)
            with pytest.raises(RemoteError) as caught:
                session.put(b"x", "C:\\x.txt")
            assert caught.value.cause == "jea-scripts"
        unknown = settings.model_copy(update={"configuration_name": "Nowhere"})
        assert failure(unknown).cause == "configuration"


@pytest.mark.parametrize(
    ("auth", "transport", "extra"),
    [
        ("credssp", "pypsrp", "psnet[credssp]"),
        ("credssp", "winrm", "psnet[credssp]"),
        ("kerberos", "psrp", "psnet[kerberos]"),
        ("kerberos", "pypsrp", "psnet[kerberos]"),
        ("kerberos", "winrm", "pywinrm[kerberos]"),
    ],
)
def test_a_missing_library_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, auth: str, transport: str, extra: str
) -> None:
    monkeypatch.setattr("psnet.transport.extras.find_spec", lambda _: None)
    given = {"address": "h", "auth": auth, "transport": transport, "user": "u", "password": "p"}
    with pytest.raises(InputError) as caught:
        open_session(ConnectionSettings.model_validate(given)).run("1")
    assert f"pip install '{extra}'" in str(caught.value)


@pytest.mark.parametrize(("code", "cause"), [(8, "quota-memory"), (1816, "quota-memory"), (5, "access"), (77, "fault")])
def test_faults_that_the_lab_cannot_make_have_their_cause_too(code: int, cause: str) -> None:
    fault = WSManFaultError(code, "h", "why", None, None, None)
    error = explain(fault, ConnectionSettings(address="h"), "h1", "connecting", opened=False)
    assert isinstance(error, HostError)
    assert error.cause == cause
    assert "why" in str(error) or cause == "access"
