"""Verbs that only read the journal: a file that is none is said to be none, and nothing is made or changed."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from typing import TYPE_CHECKING

import pytest

from psnet.cli import main

if TYPE_CHECKING:
    from pathlib import Path

READERS = [
    ["runs", "list"],
    ["runs", "show", "last"],
    ["runs", "show", "last", "--json"],
    ["runs", "diff", "last", "last"],
    ["runs", "export", "last"],
    ["runs", "resume", "last"],
]


def database(*statements: str) -> bytes:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return connection.serialize()


WRONG = {
    "empty": (b"", "it is empty"),
    "text": (b"name: a\n", "it is no database"),
    "cut": (b"SQLite format 3\0" + b"\xff" * 2000, "cannot be opened"),
    "another's": (database("CREATE TABLE songs (id INTEGER)"), "it holds something else"),
}


def psnet(words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["psnet", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out + said.err


@pytest.mark.parametrize("words", READERS, ids=" ".join)
@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_no_journal_stays_as_it_is(
    words: list[str], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content, reason = WRONG[name]
    path = tmp_path / "file"
    path.write_bytes(content)
    path.chmod(0o644)
    before = path.stat()
    code, said = psnet([*words, "--journal", str(path)], monkeypatch, capsys)
    assert code == 3
    assert reason in said
    assert str(path) in said
    assert [item.name for item in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == content
    assert (path.stat().st_mtime_ns, path.stat().st_mode) == (before.st_mtime_ns, before.st_mode)


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_where_there_is_no_journal_none_is_made(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = psnet([*words, "--journal", str(tmp_path / "folder" / "journal")], monkeypatch, capsys)
    assert (code, "no run yet" in said) == (0, True) if words == ["runs", "list"] else (3, False)
    assert list(tmp_path.iterdir()) == []
