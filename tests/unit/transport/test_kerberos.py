"""Kerberos: which way a logon failed, by what libkrb5 says, and what a connection can be told."""

from __future__ import annotations

import pytest
from spnego.exceptions import SpnegoError

from psnet.errors import AuthenticationError, UnreachableError
from psnet.inventories.connection import connection_of
from psnet.transport.failures import explain
from psnet.transport.psrp.logon import credentials
from psnet.transport.settings import ConnectionSettings

GSS = "Unspecified GSS failure.  Minor code may provide more information ({})"


@pytest.mark.parametrize(
    ("said", "cause", "remedy"),
    [
        ("No Kerberos credentials available (default cache: FILE:/tmp/krb5cc_0)", "kerberos-ticket", "kinit"),
        ("Ticket expired", "kerberos-ticket", "kinit"),
        ("Preauthentication failed", "kerberos-password", "password"),
        ("Client 'adm@CORP.EXAMPLE' not found in Kerberos database", "kerberos-password", "realm"),
        ("Cannot contact any KDC for realm 'CORP.EXAMPLE'", "kerberos-kdc", "port 88"),
        ("Server http/web1@CORP.EXAMPLE not found in Kerberos database", "kerberos-spn", "service_host"),
        ("Server not found in Kerberos database", "kerberos-spn", "service_host"),
        ("Clock skew too great", "kerberos-clock", "five minutes"),
        ("KDC can't fulfill requested option", "kerberos-forwarding", "kinit -f"),
        ("something of tomorrow", "logon", "klist"),
    ],
)
def test_the_ways_a_logon_fails_are_told_apart(said: str, cause: str, remedy: str) -> None:
    settings = ConnectionSettings(address="web1.corp.example", user="adm", auth="kerberos")
    shown = explain(
        SpnegoError(error_code=1, context_msg=GSS.format(said)), settings, "web1", "connecting", opened=False
    )
    assert isinstance(shown, AuthenticationError)
    assert isinstance(shown, UnreachableError)  # exit code 4
    assert shown.cause == cause
    assert remedy in (shown.remedy or "")


def test_keytab_cache_and_realm_belong_to_a_host() -> None:
    base = {"address": "web1", "user": "adm", "auth": "kerberos", "realm": "CORP.EXAMPLE"}
    keytab, _ = credentials(ConnectionSettings.model_validate({**base, "keytab": "/k"}))
    assert (keytab.keytab, keytab.principal) == ("/k", "adm@CORP.EXAMPLE")
    ccache, _ = credentials(ConnectionSettings.model_validate({**base, "ccache": "FILE:/c"}))
    assert (ccache.ccache, ccache.principal) == ("FILE:/c", "adm@CORP.EXAMPLE")
    assert ConnectionSettings.model_validate({**base, "user": "CORP\\adm"}).principal == "CORP\\adm"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"transport": "winrm", "keytab": "/k"}, "need transport psrp or pypsrp"),
        ({"auth": "ntlm", "ccache": "/c"}, "need auth kerberos or negotiate"),
        ({"user": None, "keytab": "/k"}, "keytab needs user"),
    ],
)
def test_what_does_not_go_together_is_refused(more: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ConnectionSettings.model_validate({"address": "web1", "user": "adm", "auth": "kerberos", **more})


@pytest.mark.parametrize("name", ["kinit_cmd", "kinit_args", "kinit_env_vars", "keytab"])
def test_settings_of_ansibles_that_psnet_has_no_use_for_say_what_to_do(name: str) -> None:
    with pytest.raises(Exception, match="ansible_connection: psrp"):
        connection_of("web1", {"ansible_connection": "winrm", f"ansible_winrm_{name}": "x"})
