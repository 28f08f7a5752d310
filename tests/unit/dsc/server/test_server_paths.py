"""What is a path of the protocol, and what is a name; how often an address may fail; what is sealed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from psnet._internal.registration_signature import matches, read_date, sign, write_date
from psnet.dsc.server.content import Content
from psnet.dsc.server.limits import FailureLimit
from psnet.dsc.server.paths import BASE, is_name, read_path
from psnet.dsc.server.seal import Sealer, new_secret, stored_secret, write_secret
from psnet.errors import InputError

AGENT = "0f9619ff-8b86-d011-b42d-00c04fc964ff"
_tricky = st.text(st.sampled_from("./\\'%:\0()ab0-_ ,=A\n\u2019"), max_size=12)


@given(st.one_of(_tricky, st.text(max_size=20)))
def test_a_name_can_be_a_file_name_and_nothing_more(text: str) -> None:
    if not is_name(text):
        return
    assert Path(text).name == text
    assert ".." not in text
    assert not text.startswith(".")
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")


@given(st.one_of(_tricky, st.text(max_size=20)))
def test_what_is_no_name_is_no_path(text: str) -> None:
    call = read_path(
        f"{BASE}/Nodes(AgentId='{AGENT}')/Configurations(ConfigurationName='{text}')/ConfigurationContent", "GET"
    )
    assert (call is not None) == is_name(text)
    module = read_path(f"{BASE}/Modules(ModuleName='M',ModuleVersion='{text}')/ModuleContent", "GET")
    assert module is None or module.version == text.strip("\n")


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        (f"{BASE}/Nodes(AgentId='{AGENT}')", "register"),
        (f"{BASE}/Nodes(AgentId = '{AGENT}')", "register"),
        (f"{BASE}/Nodes(Agentid='{AGENT}')/CertificateRotation", "rotate"),
        (f"{BASE}/Modules(ModuleName = 'PSNetDsc', ModuleVersion = '1.2.0')/ModuleContent", "module"),
        (f"{BASE}/Nodes(AgentId='{AGENT.upper()}')/GetDscAction", "action"),
        (f"{BASE}/Nodes(AgentId='{AGENT}')/SendReport", "send"),
        (f"{BASE}/Nodes(AgentId='{AGENT}')/Reports", "reports"),
        (f"{BASE}/Nodes(AgentId='{AGENT}')/Reports()", "reports"),
        (f"{BASE}/Nodes(AgentId='{AGENT}')/Reports(JobId='{AGENT}')", "report"),
        (f"{BASE}/Modules(ModuleName='PSNetDsc',ModuleVersion='1.2.0')/ModuleContent", "module"),
        (f"{BASE}/Nodes(AgentId='{AGENT}')/", None),
        (f"{BASE}/Nodes(AgentId='{AGENT}')\n", None),
        (f"{BASE}/Nodes(AgentId='{{{AGENT}}}')", None),
        (f"{BASE}//Nodes(AgentId='{AGENT}')", None),
        (f"{BASE}x/Nodes(AgentId='{AGENT}')", None),
        (f"/Nodes(AgentId='{AGENT}')", None),
        (f"{BASE}/Modules(ModuleName='PSNetDsc',ModuleVersion='')/ModuleContent", None),
        (BASE, None),
    ],
)
def test_paths_are_read_strictly(path: str, operation: str | None) -> None:
    call = read_path(path, "PUT")
    assert (call.operation if call else None) == operation
    if call is not None and call.agent:
        assert call.agent == AGENT


def test_one_path_is_read_by_its_method() -> None:
    path = f"{BASE}/Nodes(AgentId='{AGENT}')"
    assert [getattr(read_path(path, method), "operation", None) for method in ("PUT", "GET")] == ["register", "node"]
    other = read_path(path, "POST")
    assert other is not None
    assert other.verb == "PUT"


@given(st.binary(max_size=64), st.datetimes(timezones=st.just(dt.UTC)), st.binary(max_size=64))
def test_a_signature_fits_its_body_and_date_alone(body: bytes, moment: dt.datetime, other: bytes) -> None:
    date = write_date(moment.replace(year=max(1000, moment.year)))
    key = SecretStr("k")
    signature = sign(key, body, date)
    assert matches(key, body, date, signature)
    assert matches(key, other, date, signature) == (other == body)
    assert not matches(SecretStr("l"), body, date, signature)
    assert read_date(date) == moment.replace(year=max(1000, moment.year))


def test_a_signature_is_the_documented_one() -> None:
    # openssl: body {"a":1}, key "secret", by hand.
    assert sign(SecretStr("secret"), b'{"a":1}', "2016-08-15T21:25:51.8654321Z") == (
        "u+u2LtMBIF6rw1WirgvJFYJU+c1Aq4ypzAWtPTTGQ7g="
    )


def test_failures_count_within_their_window_only() -> None:
    moment = [0.0]
    limit = FailureLimit(2, 60, lambda: moment[0])
    limit.failed("a")
    moment[0] = 30
    limit.failed("a")
    assert (limit.wait("a"), limit.wait("b")) == (30, 0)
    moment[0] = 60
    assert limit.wait("a") == 0
    limit.failed("a")
    assert limit.wait("a") == 30


def test_what_was_sealed_opens_in_its_place_under_its_key_alone() -> None:
    sealer, secret = Sealer(new_secret()), SecretStr("a registration key")
    sealed = sealer.seal(secret, "row")
    assert sealer.open(sealed, "row") == secret
    assert sealer.seal(secret, "row") != sealed
    for other, place in ((sealer, "another"), (Sealer(new_secret()), "row")):
        with pytest.raises(InputError, match="was not sealed with this server key"):
            other.open(sealed, place)


def test_a_secret_file_is_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "token"
    made = stored_secret(path)
    assert stored_secret(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(InputError, match="is not overwritten"):
        write_secret(path, made)
    path.chmod(0o644)
    with pytest.raises(InputError, match="others may read"):
        stored_secret(path)


def test_files_that_differ_in_letter_case_only_are_told_of(tmp_path: Path) -> None:
    content = Content(tmp_path)
    for name in ("web.mof", "Web.mof", "no name.mof"):
        (tmp_path / "configurations" / name).write_text(name)
    assert content.names() == ["web"]
    assert len(content.problems) == 2
