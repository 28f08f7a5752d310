"""What all tests share: a journal of their own, so that no run of a test is in the user's."""

from __future__ import annotations

import gc
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer.testing
from hypothesis import HealthCheck, settings
from kerberos_realm import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

# The journal on PostgreSQL is tested where a server is installed; .ci/run installs one.
POSTGRESQL = next((path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None) or (
    Path(found).parent if (found := shutil.which("initdb")) else None
)
collect_ignore = [] if POSTGRESQL else ["fleet/test_journal_postgresql.py"]


def pytest_report_header() -> list[str]:
    said = [] if POSTGRESQL else ["no PostgreSQL is installed: tests/fleet/test_journal_postgresql.py is left out"]
    return [*said, f"no Kerberos: {MISSING}"] if MISSING else said


# typer works all commands out again for each call of its test runner: a tenth of a second that no test is about.
typer.testing._get_command = cache(typer.testing._get_command)  # type: ignore[attr-defined]

# A busy machine is no failure: neither a slow example nor slow generation is what a test promises.
settings.register_profile("psnet", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("whole", settings.get_profile("psnet"), max_examples=400)


def pytest_configure(config: pytest.Config) -> None:
    """Draw more examples where the sweeps run whole."""
    gc.set_threshold(50_000, 20, 20)  # as psnet's commands have it: the lab in the tests' process makes many objects
    settings.load_profile("psnet" if config.option.markexpr == "not sweep" else "whole")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Take what collecting made out of the garbage collector's rounds: they cost a quarter of the suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True, scope="session")
def _own_journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PSNET_JOURNAL", str(tmp_path_factory.mktemp("journal") / "journal.sqlite"))
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_realm_of_the_computer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let a logon by Negotiate ask no KDC of the computer's krb5.conf: to look up its name can take 5 seconds."""
    file = tmp_path_factory.mktemp("kerberos") / "krb5.conf"
    file.write_text("[libdefaults]\n  dns_lookup_kdc = false\n  dns_lookup_realm = false\n  rdns = false\n", "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KRB5_CONFIG", str(file))
        yield
