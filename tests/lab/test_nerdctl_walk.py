"""docs/nerdctl.md, command by command, against a running lab."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from psnet.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from psnet.testing import Lab

ROOT = Path(__file__).resolve().parents[2]
_ENDS = re.compile(r"\s+# ends with (\d)$")


def commands() -> list[tuple[list[str], int]]:
    """Return the page's commands but for those of the lab, with the exit code that each ends with."""
    text = (ROOT / "docs" / "nerdctl.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("$ psnet ")]
    found = [(_ENDS.search(line), shlex.split(_ENDS.sub("", line))[2:]) for line in lines]
    return [(words, int(ends[1]) if ends else 0) for ends, words in found if words[0] != "lab"]


def test_the_walk_of_the_page(psnet_lab: Callable[..., Lab], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lab = psnet_lab("2022", count=2, containerd=True)
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PSNET_INVENTORY", str(lab.inventory))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "160")
    model = lab.hosts["ws2022-01"]
    said = []
    for words, code in commands():
        result = CliRunner().invoke(app, words)
        assert result.exit_code == code, (words, result.output)
        said.append(result.output)
        if "run" in words and "--publish" in words[-1]:
            (endpoint,) = model.hns.endpoints
            assert (endpoint.address, endpoint.gateway) == ("172.20.0.2", "172.20.0.1")
        if words[:2] == ["apply", "examples/nerdctl/site.yaml"]:
            assert sorted(item["Type"] for item in endpoint.policies) == ["ACL", "ACL", "ACL", "NAT", "QOS"]
    assert len([text for text in said if "True" in text and "ws2022-02" in text]) == 2  # reached, twice
    doctored = [text for text in said if "nat-gone-at-reboot" in text and "to create" not in text]
    assert [("has no capabilities" in " ".join(text.split())) for text in doctored] == [True, False]
    assert model.hns.networks == []
    assert model.files.find("C:\\Program Files\\containerd\\cni\\conf\\10-nat.conflist") is None
    assert "psnet-mapping-http" not in model.firewall.rules
