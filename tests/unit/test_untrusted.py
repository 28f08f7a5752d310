"""What hosts, modules and files say is data: never a template, and never more than this machine can hold."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples

from psnet._internal.text import Untrusted, argument_fault, untrusted
from psnet._internal.yaml import parse_yaml, read_yaml
from psnet.errors import InputError
from psnet.playbook.recorder import HIDDEN, PlayRecorder
from psnet.playbook.secrets import Secrets
from psnet.report.objects import cell, object_text
from psnet.site.load import load_site, parse_site
from psnet.transport.clixml import read_clixml
from psnet.transport.values import plain

HERE = Path(__file__).parent / "hostile"
SAID = [
    "{{ 7*7 }}",
    "{{ ('A'*50)*2 }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ inventory_hostname }}",
    "{% for i in range(3) %}x{% endfor %}",
]


def descriptions(source: Any, variables: dict[str, Any]) -> list[str]:
    return [rule.description for rule in source.for_host("h", variables).resources]


@pytest.mark.parametrize("said", SAID)
def test_a_fact_is_no_template(said: str) -> None:
    source = load_site(HERE / "site-with-fact.yaml")
    assert descriptions(source, untrusted({"f": said})) == [said, f"x 49 {said}"]
    other = parse_site("name: s\nfirewall_rules: [{name: a, description: 'x {{ f.g[0] }}'}]")
    assert descriptions(other, untrusted({"f": {"g": [said]}})) == [f"x {said}"]
    inner = {"f": "{{ g }}", "g": Untrusted(said)}  # a variable of the user's that holds one
    assert descriptions(source, inner) == [said, f"x 49 {said}"]


def test_a_value_of_a_task_is_no_template() -> None:
    source = parse_site("name: s\nfirewall_rules: [{name: a, description: x}]")
    source.document.data["firewall_rules"][0]["description"] = Untrusted("{{ 7*7 }}")
    assert descriptions(source, {}) == ["{{ 7*7 }}"]


def refused(text: str) -> str:
    began = time.monotonic()
    with pytest.raises(InputError) as caught:
        parse_yaml(text, "f.yaml")
    assert time.monotonic() - began < 20
    return str(caught.value)


def test_yaml_that_would_fill_the_machine_is_refused() -> None:
    assert "its aliases stand for more than" in refused((HERE / "alias-bomb.yaml").read_text())
    merged = "\n".join(
        f"k{n}: &k{n} {{<<: [{', '.join([f'*k{n - 1}'] * 9)}]}}" if n else "k0: &k0 {a: 1}" for n in range(12)
    )
    assert "its aliases stand for more than" in refused(merged)
    assert "holds it" in refused("a: &a [*a]")
    assert "deeply" in refused("[" * 5000 + "]" * 5000)
    assert "a key is one word" in refused("? [a, b]\n: 1")
    assert "f.yaml:1:4: no such value" in refused("a: 2001-13-45")
    assert "no such value" in refused("a: " + "1" * 5000)


def test_a_few_aliases_are_usual() -> None:
    assert parse_yaml("a: &a {b: 1}\nc: *a\nd: {<<: *a, e: 2}").data == {
        "a": {"b": 1},
        "c": {"b": 1},
        "d": {"b": 1, "e": 2},
    }


def test_a_control_character_is_told_with_its_line() -> None:
    said = refused((HERE / "control-character.yaml").read_text())
    assert "f.yaml:2:" in said
    assert "has no place in YAML" in said
    endless = Path("/dev/zero")
    if endless.exists():
        with pytest.raises(InputError, match="more than 64 MiB"):
            read_yaml(endless)


def objects(*inner: str) -> str:
    return f'<Obj RefId="0"><TN RefId="0"><T>X</T></TN><MS>{"".join(inner)}</MS></Obj>'


def test_a_cycle_is_shown_as_such() -> None:
    made = read_clixml(objects('<S N="Name">a</S>', '<Ref N="Self" RefId="0" />'))
    assert plain(made) == {"Name": "a", "Self": "(cycle)"}
    assert "Name" in repr(made)
    assert "a" in object_text([made], 80)
    looped = read_clixml('<Obj RefId="0"><LST><I32>1</I32><Ref RefId="0" /></LST></Obj>')
    assert plain(looped) == [1, "(cycle)"]
    assert cell(looped).startswith("{1, {1")


def test_references_that_stand_for_more_than_memory_holds() -> None:
    rows = ['<Obj RefId="1"><LST><S>x</S></LST></Obj>']
    rows += [
        f'<Obj RefId="{n}"><LST>{f"<Ref RefId={chr(34)}{n - 1}{chr(34)} />" * 20}</LST></Obj>' for n in range(2, 40)
    ]
    with pytest.raises(ValueError, match="its references stand for more than"):
        read_clixml(f'<Obj RefId="0"><LST>{"".join(rows)}</LST></Obj>')


@pytest.mark.parametrize(
    "text",
    [
        "", "<", "<S>", "<X/>", "<I32>x</I32>", "<D>x</D>", "<G>x</G>", "<C>99999999999</C>",
        "<DT>2020-99-99T00:00:00</DT>",
        "<Obj RefId='0'><LST>" * 3000 + "</LST></Obj>" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_clixml_is_told_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="not CLIXML"):
        read_clixml(text)


def test_text_of_a_host_is_untrusted() -> None:
    assert isinstance(read_clixml("<S>{{ 7*7 }}</S>"), Untrusted)
    assert isinstance(read_clixml(objects('<S N="A">x</S>')).get("a"), Untrusted)


@settings(max_examples=examples(200))
@given(st.text(alphabet='ab "\\\t\n-', max_size=8))
def test_an_argument_that_is_not_refused_arrives_as_it_was(text: str) -> None:
    if argument_fault(text) is None:
        line = f'"{text}"' if any(sign.isspace() for sign in text) else text  # as Windows PowerShell 5.1 writes it
        assert parsed(line) == [text]


def parsed(line: str) -> list[str]:
    """Return arguments as a Windows program reads them (Learn: Parsing C++ command-line arguments)."""
    words, word, quoted, there, slashes = [], "", False, False, 0
    for sign in [*line, None]:
        if sign == "\\":
            slashes += 1
            continue
        if sign == '"':
            word += "\\" * (slashes // 2)
            if slashes % 2:
                word += '"'
            else:
                quoted, there = not quoted, True
        else:
            word += "\\" * slashes
            if sign is None or (sign in " \t" and not quoted):
                if word or there:
                    words.append(word)
                word, there = "", False
            else:
                word += sign
        slashes = 0
    return words


class Heard:
    def __init__(self) -> None:
        self.text = ""

    def handle(self, events: Any) -> None:
        self.text += "".join(event.model_dump_json() for event in events)


@pytest.mark.parametrize("quiet", [False, True])
def test_a_secret_is_in_no_error_id_and_no_title(*, quiet: bool) -> None:
    from psnet.apply.progress import Planned, Step
    from psnet.playbook.daemon.task_items import read_task_item
    from psnet.playbook.modules import Registry

    secrets, heard = Secrets(), Heard()
    if not quiet:
        secrets.add("CANARY-42")
    said = {
        "key": "k",
        "module": "powershell",
        "title": "quiet" if quiet else "for CANARY-42",
        "args": {"script": "x"},
        "quiet": quiet,
    }
    item = read_task_item(said, Registry())
    record = PlayRecorder("r", [heard], secrets)  # type: ignore[list-item]
    step = record.begin_task("h", "powershell", item.title)
    failed = {"failed": True, "msg": "logon failed for CANARY-42", "error_id": "logon failed for CANARY-42"}
    record.end_task("h", step, item, failed)
    tell = record.progress_callback("h", quiet=quiet)
    tell(Planned(steps=(Step(id="1", operation="create", kind="firewall_rule", name="CANARY-42"),), sent=True))
    assert "CANARY" not in heard.text
    assert (HIDDEN in heard.text) is quiet
