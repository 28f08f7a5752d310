"""The journal's schema has a version; an older journal is migrated when it is opened, with every row kept."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from psnet.errors import InputError
from psnet.journal import open_journal
from psnet.journal.schema import HEAD, upgrade, version_of
from psnet.journal.tables import metadata

if TYPE_CHECKING:
    from pathlib import Path

#: What psnet 0.1 made before the journal had a version.
OLD = """
CREATE TABLE runs (id VARCHAR(32) NOT NULL, command VARCHAR(32) NOT NULL, site TEXT NOT NULL, inventory TEXT NOT NULL,
  options TEXT NOT NULL, started VARCHAR(32) NOT NULL, ended VARCHAR(32),
  status VARCHAR(16) NOT NULL, PRIMARY KEY (id));
CREATE TABLE run_hosts (run_id VARCHAR(32) NOT NULL, host VARCHAR(255) NOT NULL, position INTEGER NOT NULL,
  status VARCHAR(16) NOT NULL, started VARCHAR(32), ended VARCHAR(32), "plan" TEXT, error TEXT,
  PRIMARY KEY (run_id, host), FOREIGN KEY(run_id) REFERENCES runs (id));
CREATE TABLE run_changes (number INTEGER NOT NULL, run_id VARCHAR(32) NOT NULL, host VARCHAR(255) NOT NULL,
  change VARCHAR(32) NOT NULL, kind VARCHAR(64) NOT NULL, name TEXT NOT NULL, operation VARCHAR(16) NOT NULL,
  status VARCHAR(16) NOT NULL, error_id TEXT, message TEXT, PRIMARY KEY (number), UNIQUE (run_id, host, change),
  FOREIGN KEY(run_id) REFERENCES runs (id));
INSERT INTO runs VALUES ('20260101-000000-abc', 'apply', 's', 'i', '{}', '2026-01-01T00:00:00', NULL, 'failed');
INSERT INTO run_hosts VALUES ('20260101-000000-abc', 'web01', 0, 'changed', NULL, NULL, '{}', NULL);
INSERT INTO run_changes VALUES (1, '20260101-000000-abc', 'web01', '1', 'nat', 'n', 'create', 'changed', NULL, NULL);
"""


def old(tmp_path: Path) -> str:
    path = tmp_path / "journal.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(OLD)
    connection.close()
    return f"sqlite:///{path}"


def test_an_old_journal_is_migrated_and_keeps_its_rows(tmp_path: Path) -> None:
    url = old(tmp_path)
    journal = open_journal(url)
    assert version_of(journal.engine) == HEAD
    record = journal.read("last")
    assert record.counts() == {"changed": 1}
    assert [row["name"] for row in record.changes["web01"]] == ["n"]
    assert [index["name"] for index in inspect(journal.engine).get_indexes("runs")] == ["ix_runs_started"]
    assert open_journal(url).read("last").id == record.id


def test_all_that_open_an_old_journal_at_once_have_it(tmp_path: Path) -> None:
    url = old(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: open_journal(url), range(4)))
    assert [version_of(journal.engine) for journal in opened] == [HEAD] * 4


def test_a_new_journal_has_the_newest_version(tmp_path: Path) -> None:
    journal = open_journal(f"sqlite:///{tmp_path / 'journal.sqlite'}")
    assert version_of(journal.engine) == HEAD
    assert journal.list() == ()


def test_the_steps_lead_to_the_tables(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'steps.sqlite'}")
    upgrade(engine)
    assert version_of(engine) == HEAD
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_journal_of_a_newer_psnet_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'journal.sqlite'}"
    with open_journal(url).engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(InputError, match="version 9999 of its schema"):
        open_journal(url)
