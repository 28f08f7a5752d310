"""A Kerberos realm of its own on loopback: MIT's KDC, the keys of some services and users, what clients are told."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

REALM = "LAB.EXAMPLE"
PASSWORD = "of-the-realm-1"
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
_PROGRAMS = ("krb5kdc", "kdb5_util", "kadmin.local", "kinit")
_MISSING = [name for name in _PROGRAMS if shutil.which(name, path=_PATH) is None]
_MISSING += [name for name in ("gssapi", "krb5") if find_spec(name) is None]
MISSING = f"not installed: {', '.join(_MISSING)}" if _MISSING else ""
FAKETIME = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)


@dataclass
class Realm:
    """The realm's folder; ``port`` is the KDC's, ``ahead`` how many seconds its clock is ahead (needs faketime)."""

    folder: Path
    ahead: int = 0
    port: int = 0
    _kdc: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def keytab(self) -> Path:
        """The keys of the services host/ and http/ of localhost, and of host/web1."""
        return self.folder / "services.keytab"

    def environment(self) -> dict[str, str]:
        """What tells libkrb5 of the realm; the default cache of tickets is an empty place in the folder."""
        return {
            "KRB5_CONFIG": str(self.folder / "krb5.conf"),
            "KRB5_KDC_PROFILE": str(self.folder / "kdc.conf"),
            "KRB5CCNAME": f"FILE:{self.folder / 'nobody.ccache'}",
        }

    def run(self, *words: str, say: str = "") -> str:
        """Run one of Kerberos' programs; return what it printed."""
        environment = {**os.environ, "PATH": _PATH, "LC_ALL": "C.UTF-8", **self.environment()}
        done = subprocess.run(
            words, env=environment, input=say, capture_output=True, text=True, check=False, timeout=30
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def kinit(self, name: str, *options: str, user: str = "Administrator") -> str:
        """Get a ticket into a cache of a name; return the cache."""
        cache = f"FILE:{self.folder / name}"
        self.run("kinit", *options, "-c", cache, f"{user}@{REALM}", say=f"{PASSWORD}\n")
        return cache

    def shorten(self, seconds: int) -> None:
        """Let tickets end after so many seconds."""
        lines = [f"modprinc -maxlife {seconds}s {name}" for name in ("Administrator", "host/localhost")]
        self.run("kadmin.local", "-r", REALM, say="\n".join(lines) + "\n")

    def kinit_spent(self, name: str, seconds: int = 1) -> None:
        """Get a ticket into a cache and wait until its seconds are over."""
        cache = self.kinit(name, "-l", f"{seconds}s")
        environment = {**os.environ, "PATH": _PATH, **self.environment()}
        while subprocess.run(["klist", "-s", "-c", cache], env=environment, check=False).returncode == 0:
            time.sleep(0.05)
        time.sleep(1.1)  # klist counts whole seconds: within the last one a logon may still begin

    def start(self) -> None:
        """Make the database and start the KDC; it answers when this returns."""
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            self.port = held.getsockname()[1]
        self.write_client()
        (self.folder / "kdc.conf").write_text(
            f"[kdcdefaults]\n kdc_listen = 127.0.0.1:{self.port}\n kdc_tcp_listen = 127.0.0.1:{self.port}\n"
            f"[realms]\n {REALM} = {{\n  database_name = {self.folder}/principal\n"
            f"  key_stash_file = {self.folder}/stash\n  acl_file = {self.folder}/acl\n"
            f"  supported_enctypes = aes256-cts:normal\n }}\n[logging]\n kdc = FILE:{self.folder}/kdc.log\n"
        )
        self.run("kdb5_util", "create", "-s", "-r", REALM, "-P", "of-the-database")
        lines = [f"addprinc -pw {PASSWORD} Administrator"]
        lines += [f"addprinc -randkey {name}" for name in ("host/localhost", "HTTP/localhost", "host/web1")]
        lines += [f"ktadd -k {self.keytab} host/localhost HTTP/localhost host/web1"]
        lines += [f"ktadd -norandkey -k {self.folder / 'user.keytab'} Administrator"]
        self.run("kadmin.local", "-r", REALM, say="\n".join(lines) + "\n")
        environment = {**os.environ, "PATH": _PATH, **self.environment()}
        if self.ahead:
            environment |= {"LD_PRELOAD": str(FAKETIME), "FAKETIME": f"+{self.ahead}s"}
        self._kdc = subprocess.Popen(["krb5kdc", "-n"], env=environment, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not self._answers():
            assert self._kdc.poll() is None, "the KDC ended"
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def write_client(self, **settings: str) -> None:
        """Write the clients' krb5.conf."""
        told = {
            "default_realm": REALM,
            "dns_lookup_kdc": "false",
            "dns_lookup_realm": "false",
            "dns_canonicalize_hostname": "false",
            "rdns": "false",
            "default_rcache_name": "none:",
            **settings,
        }
        lines = [f" {name} = {value}" for name, value in told.items()]
        realms = f"[realms]\n {REALM} = {{\n  kdc = 127.0.0.1:{self.port}\n }}\n"
        (self.folder / "krb5.conf").write_text("[libdefaults]\n" + "\n".join(lines) + "\n" + realms)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        """End the KDC."""
        if self._kdc is not None:
            self._kdc.terminate()
            self._kdc.wait(timeout=20)
