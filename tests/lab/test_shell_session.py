"""The session that docs/shell.md shows, typed and compared; the command; the notebook in a real kernel."""

from __future__ import annotations

import doctest
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient

import psnet
from psnet.cli import main
from psnet.errors import HostError, InventoryError, UnreachableError
from psnet.lab.wire import Fault, FaultPlan
from psnet.report.display import displayhook
from psnet.shell.console import namespace

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PSNET_JOURNAL", str(tmp_path / "journal.sqlite"))
    monkeypatch.setenv("COLUMNS", "100")


def test_the_session_in_the_docs_happens_as_it_is_shown(psnet_lab: LabMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = psnet_lab("2016", "2022")
    monkeypatch.chdir(lab.inventory.parent)
    (lab.inventory.parent / "examples").symlink_to(ROOT / "examples")
    fleet = psnet.inventory("hosts.yaml")
    text = (ROOT / "docs" / "shell.md").read_text(encoding="utf-8")
    test = doctest.DocTestParser().get_doctest(text, namespace(fleet), "shell.md", "docs/shell.md", 0)
    monkeypatch.setattr(sys, "__displayhook__", displayhook(sys.__displayhook__))  # the one that doctest puts in place
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF)
    result = runner.run(test, out=said.append)
    fleet.close()
    assert result.attempted > 12
    assert not result.failed, "".join(said)


def test_one_failing_host_hides_no_other(psnet_lab: LabMaker) -> None:
    lab = psnet_lab("2016", "2022", faults=FaultPlan.of(Fault(action="unauthorized", host="ws2016", times="always")))
    answers = psnet.inventory(lab.inventory).run("'hello'")
    assert answers.good["ws2022"].lines() == ["hello"]
    assert list(answers.errors) == ["ws2016"]
    assert repr(answers).splitlines()[0].startswith("ws2016: ")
    assert "ws2022: hello" in repr(answers)
    with pytest.raises(UnreachableError):
        _ = answers["ws2016"]


def test_patterns_and_names_choose_hosts(psnet_lab: LabMaker) -> None:
    fleet = psnet.inventory(psnet_lab("2016", "2022", count=2).inventory)
    names = [host.name for host in fleet]
    assert [host.name for host in fleet["os2016"]] == [name for name in names if "2016" in name]
    assert [host.name for host in fleet["all:!os2016"]] == [name for name in names if "2022" in name]
    assert fleet[names[0]] is fleet.host(names[0])
    with pytest.raises(InventoryError, match="no host"):
        _ = fleet["os2019"]
    with pytest.raises(KeyError, match="did you mean"):
        fleet.host(f"{names[0]}x")


@pytest.mark.parametrize(
    ("words", "typed", "shown", "code"),
    [
        (["-c", "ws2022.ps.Get_NetNat.script(Name='n')"], None, "\"Get-NetNat -Name 'n'\"\n", 0),
        ([], "x = len(fleet)\nx\n", "1\n", 0),
        (["-c", "ws2022.networks['nope']"], None, "", 3),
        (["nobody", "-c", "fleet"], None, "", 3),
    ],
)
def test_the_command_runs_lines(
    psnet_lab: LabMaker,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    typed: str | None,
    shown: str,
    code: int,
) -> None:
    lab = psnet_lab("2022")
    monkeypatch.setattr(sys, "argv", ["psnet", "shell", "-i", str(lab.inventory), *words])
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed or ""))
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr()
    assert (said.out, left.value.code or 0) == (shown, code), said.err
    assert "Traceback" not in said.err


def test_the_notebook_runs_from_top_to_bottom(tmp_path: Path) -> None:
    notebook = nbformat.read(ROOT / "examples" / "notebooks" / "first-look.ipynb", as_version=4)
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")
    NotebookClient(notebook, timeout=90, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [
        output["data"].get("text/html", "")
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if "data" in output
    ]
    assert sum("<svg" in html for html in outputs) >= 2
    plain = [
        output.get("data", {}).get("text/plain", "") for cell in notebook.cells for output in cell.get("outputs", ())
    ]
    assert any(text.splitlines()[:1] == ["ws2019:"] and "Ethernet 2" in text for text in plain)
    assert any("<table" in html and "Ethernet" in html for html in outputs)


def test_a_host_that_is_not_begun_says_so() -> None:
    from psnet.fleet import FleetRun, HostRun
    from psnet.inventories import InventoryHost
    from psnet.shell.results import ResultsByHost

    host = InventoryHost("web01", (), {}, {}, Path(), "hosts.yaml")
    answers = ResultsByHost(FleetRun("r", "interrupted", 0.1, (HostRun(host, not_begun="the run was stopped"),)))
    assert repr(answers) == "web01: not begun: the run was stopped"
    with pytest.raises(HostError):
        _ = answers["web01"]
