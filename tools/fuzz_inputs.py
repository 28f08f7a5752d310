"""What ``make fuzz`` gives changed inputs to beside the engine: each has to read them, or to refuse them in words."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from psnet.dsc.server.messages import ActionRequest, Registration, Report, read_json
from psnet.errors import PsnetError
from psnet.inventories import load_inventory
from psnet.mof import parse_mof, parse_schema
from psnet.playbook.preparation.validation import problems_in
from psnet.report.objects import object_text
from psnet.site.load import parse_site
from psnet.transport.clixml import read_clixml
from psnet.transport.exceptions import TransportError, WsmanFault
from psnet.transport.psrp.responses import ResponseReader
from psnet.transport.values import plain

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
_CLIXML = """<Obj RefId="0"><TN RefId="0"><T>Deserialized.X</T></TN><ToString>x</ToString><Props><I32 N="A">1</I32>\
<DT N="D">2026-01-02T03:04:05Z</DT></Props><MS><Obj N="L" RefId="1"><LST><S>a_x000A_</S><Ref RefId="0" /></LST></Obj>\
<Obj N="E" RefId="2"><TN RefId="1"><T>System.Enum</T></TN><I32>2</I32></Obj><TS N="T">PT1S</TS><G N="G">\
12345678-1234-1234-1234-123456789abc</G><D N="M">1.5</D><Version N="V">5.1</Version></MS></Obj>"""
_ANSWER = """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:r="http://schemas.microsoft.com/wbem/wsman\
/1/windows/shell"><s:Header><RelatesTo>uuid:1</RelatesTo></s:Header><s:Body><r:ReceiveResponse><r:Stream Name="stdout">\
AAEC</r:Stream><r:CommandState State="x/CommandState/Done"/></r:ReceiveResponse><s:Fault><s:Reason><s:Text>no</s:Text>\
</s:Reason><WSManFault Code="5"><Message>no</Message></WSManFault></s:Fault></s:Body></s:Envelope>"""
_REPORT = json.dumps(
    {"JobId": "1", "OperationType": "Consistency", "NodeName": "n", "StatusData": ["{}"], "Errors": []}
)


def mof(text: str, _: str) -> None:
    """Read MOF, and a schema."""
    for read in (parse_mof, parse_schema):
        try:
            read(text)
        except PsnetError:
            continue


def clixml(text: str, _: str) -> None:
    """Read what a host sends, and show it."""
    try:
        made = read_clixml(text)
    except ValueError:
        return
    plain(made)
    repr(made)
    object_text([made], 80)


def wsman(text: str, _: str) -> None:
    """Read an answer of WSMan."""
    reader = ResponseReader()
    try:
        reader.feed(text.encode("utf-8", "surrogatepass"))
        reader.end()
    except (TransportError, WsmanFault):
        return


def site(text: str, _: str) -> None:
    """Read a site and fill it for a host."""
    try:
        parse_site(text).for_host("h", {"f": "x"})
    except PsnetError:
        return


def inventory(text: str, _: str) -> None:
    """Read an inventory and every host's connection."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hosts.yaml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            for host in load_inventory(path).select(None):
                host.settings()
        except PsnetError:
            return


def playbook(text: str, _: str) -> None:
    """Look for mistakes in a playbook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "play.yml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            problems_in(path)
        except PsnetError:
            return


def pull_server(text: str, _: str) -> None:
    """Read what a node sends to the pull server."""
    try:
        said = read_json(text.encode("utf-8", "surrogatepass"))
        for kind in (Registration, ActionRequest, Report):
            try:
                kind.model_validate(said)
            except ValueError:  # pydantic's is one
                continue
    except ValueError:
        return


def _files(*patterns: str) -> list[str]:
    return [path.read_text(encoding="utf-8-sig") for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def targets() -> dict[str, tuple[Callable[[str, str], None], list[str]]]:
    """Return each target with the inputs that are changed for it."""
    return {
        "mof": (mof, _files("dsc/**/*.mof")[:40]),
        "clixml": (clixml, [_CLIXML]),
        "wsman": (wsman, [_ANSWER]),
        "site": (site, _files("examples/**/site*.yaml", "tests/unit/hostile/*.yaml")),
        "inventory": (inventory, _files("examples/**/hosts*.yaml")),
        "playbook": (playbook, _files("examples/**/*.yml")),
        "pull server": (pull_server, [_REPORT]),
    }


if __name__ == "__main__":
    sys.exit("run make fuzz")
