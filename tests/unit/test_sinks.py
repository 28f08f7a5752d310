"""Text of others in each kind of output: nothing of it moves a cursor, ends a line, or becomes part of a format."""

from __future__ import annotations

import ast
import json
import logging
import re
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

import psnet
from psnet._internal import text as sinks
from psnet._internal.terminal import LineFormatter, console
from psnet.errors import RemoteError
from psnet.journal import RunRecord
from psnet.report.graph import Graph, HostGraph, Node, dot, mermaid, svg
from psnet.report.html import graph_html
from psnet.report.junit import junit_xml
from psnet.report.objects import object_text
from psnet.transport.values import RemoteEnum, RemoteObject

PARTS = (
    *("\x1b[2J\x1b[31m", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\", "\x9b31m", "\x90q\x9c"),
    *(
        "\u202etxt.exe",
        "\u2066",
        "\u200b",
        "\ufeff",
        "\U000e0041",
        "\u2028",
        "\ufffe",
        "\uffff",
        "\x00",
        "\r",
        "\n",
        "\t",
    ),
    *("]]>", "<script>alert(1)</script>", "&#27;", '" onload="alert(1)', "{{ 7*7 }}", "[bold]x[/]", "[/]"),
    *("\\N", '"]; evil', "`", "$(x)", "%", "../../x", "CON", "a ", "é", "漢"),
)
hostile = st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=6)), max_size=6).map("".join)
UNPRINTABLE = re.compile(f"[{sinks.UNPRINTABLE}]")
few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def left(text: str) -> list[str]:
    return UNPRINTABLE.findall(text.replace("\n", "").replace("\t", ""))


@few
@given(hostile)
def test_a_terminal_shows_what_it_would_obey(text: str) -> None:
    assert not UNPRINTABLE.search(sinks.printable(text))
    assert not left(sinks.printable_lines(text))
    stream = StringIO()
    screen = console(file=stream, width=60, force_terminal=True, color_system="truecolor")
    table = Table("name")
    table.add_row(Text(text))
    for item in (Text(text, "bold red"), table):
        screen.print(item)
    assert not left(re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue()))  # rich's own colours
    assert set(re.findall(r"\x1b\[[0-9;]*m", stream.getvalue())) <= {
        "\x1b[1;31m", "\x1b[0m", "\x1b[1m"
    }  # fmt: skip


@few
@given(hostile)
def test_json_keeps_the_text_and_shows_it(text: str) -> None:
    data = {"a": [text], text: 1}
    for written in (json.dumps(data, ensure_ascii=False), json.dumps(data, ensure_ascii=False, indent=2)):
        assert json.loads(sinks.json_text(written)) == data
        assert not left(sinks.json_text(written))


@few
@given(hostile)
def test_a_log_has_a_line_a_record(text: str) -> None:
    record = logging.LogRecord("psnet", logging.INFO, "", 1, "said %s", (text,), None)
    written = LineFormatter("%(levelname)s %(message)s").format(record)
    assert "\n" not in written
    assert not UNPRINTABLE.search(written)


@few
@given(hostile)
def test_a_file_name_stays_in_its_folder_on_every_system(text: str) -> None:
    name = sinks.file_name(text)
    assert name not in ("", ".", "..")
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]|[. ]$', name)
    assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)", name)
    if text.isascii() and text.isalnum() and not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)$", text):
        assert name == text


@given(st.lists(hostile, min_size=2, max_size=2, unique=True))
@few
def test_two_hosts_have_two_file_names(pair: list[str]) -> None:
    assert sinks.file_name(pair[0]) != sinks.file_name(pair[1])


def picture(text: str) -> Graph:
    node = Node(id="n", kind="network", label=text)
    return Graph(title=text, subtitle=text, hosts=(HostGraph(name=text, about=text, nodes=(node,), notes=(text,)),))


def run_of(text: str) -> RunRecord:
    row = {"host": text, "status": "error", "error": text}
    change = {"operation": "create", "kind": "nat", "name": text, "status": "failed", "message": text, "error_id": text}
    return RunRecord({"id": "1", "command": text, "site": text}, (row, {**row, "host": "b"}), {"b": (change,)})


def drawn_inert(text: str) -> None:
    for document in (svg(picture(text)), junit_xml(run_of(text))):
        assert not left(document)
        root = ET.fromstring(document.encode())
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & {"script", "a", "image", "foreignObject"}
        assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    page = graph_html(picture(text))
    assert not left(page)
    assert page.count("<script") == 1  # the page's own
    assert not left(mermaid(picture(text)))
    assert not left(dot(picture(text)))


@few
@given(hostile)
def test_documents_are_well_formed_and_inert(text: str) -> None:
    drawn_inert(text)


@pytest.mark.sweep
@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile)
def test_a_thousand_documents_are_well_formed_and_inert(text: str) -> None:
    drawn_inert(text)


@few
@given(hostile)
def test_a_label_of_mermaid_or_dot_ends_where_psnet_ends_it(text: str) -> None:
    assert re.fullmatch(r'[^"\n`<>\[\]{}|&]*', sinks.mermaid_text(text))
    inside = sinks.dot_text(text)
    assert re.fullmatch(r'(?:[^"\\\n]|\\["\\])*', inside)
    assert not re.search(r"&(?!amp;)", inside)


#: Modules that write to a terminal without the sink, and why.
OTHERS = {
    "_internal/terminal.py": "the sink itself",
    "_internal/secret.py": "getpass, a question of psnet's own",
    "cli/lab_exec.py": "what the user's own script printed in the lab, byte for byte",
    "cli/__init__.py": "an error of the system when the sink itself cannot write",
    "playbook/ansible_inventory.py": "JSON to ansible-core, not to a terminal",
    "playbook/ansible_start.py": "words of the system and of ansible-core's own, where psnet need not be installed",
    "shell/console.py": "psnet's own examples",
}


def test_nothing_else_writes_to_a_terminal() -> None:
    root = Path(psnet.__file__).parent
    found = {}
    for path in root.rglob("*.py"):
        name = path.relative_to(root).as_posix()
        if name.startswith("lab/") or name in OTHERS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in ("print", "typer.echo", "typer.secho", "click.echo", "Console", "rich.print") or (
                    called in ("sys.stdout.write", "sys.stderr.write", "logging.basicConfig")
                ):
                    found[f"{name}:{node.lineno}"] = called
    assert not found


def test_nothing_else_escapes_markup() -> None:
    root = Path(psnet.__file__).parent
    users = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if not path.relative_to(root).as_posix().startswith("lab/")
        and "from html import escape" in path.read_text("utf-8")
    ]
    assert users == ["_internal/text.py"]


def test_what_python_shows_of_a_host_s_objects_moves_no_cursor() -> None:
    """At a prompt: repr of all that holds a host's words, and what IPython shows of an error."""
    said = "\x1b[2J\x1b]0;x\x07\u202e\x9b2J"
    enum = RemoteEnum(1, said, (f"E{said}",))
    made = RemoteObject((f"T{said}",), extended={said: said, "enum": enum})
    error = RemoteError(said, host="h", step=said, remedy=said, error_id=said)
    shown = [repr(made), repr(enum), repr([made]), object_text([made], 80), *error._render_traceback_()]
    assert [item for item in shown if left(item)] == []
