"""What no reader of a play is given, and that nothing which somebody means is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from psnet._internal.yaml_excess import find_excess
from psnet.playbook.preparation.referenced_files import variables_beside
from psnet.playbook.preparation.validation import excess_below, problems_in

ROOT = Path(__file__).resolve().parents[2]
DEEP = "[" * 300 + "]" * 300
BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{after}: &{after} [{','.join([f'*{name}'] * 10)}]\n" for name, after in zip("abcdef", "bcdefg", strict=True)
)
REFUSED = {
    "deep": (DEEP, "beyond 200 levels", 1),
    "deep below a key": (f"- hosts: all\n  vars:\n    a: {DEEP}\n", "beyond 200 levels", 3),
    "deep JSON with what YAML has not": ('{"a": "\\ud83d\\ude00", "b": ' + DEEP + "}", "beyond 200 levels", 1),
    "itself": ("- a\n- &a {b: [*a]}\n", "stands for what holds it", 2),
    "bomb": (BOMB, "stand for more than 1,000,000 values", 6),
    "merges": (
        BOMB.replace("[x,x,x,x,x,x,x,x,x,x]", "{k: 1}").replace(" [*", " {<<: [*").replace("]", "]}"),
        "1,000",
        7,
    ),
    "one key": ("a: 1\n" * 200, "stand here again", 102),
}
MEANT = {
    "vault": "a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3132\n",
    "unsafe": 'a: !unsafe "{{ {{ [[[ }}"\n',
    "any tag": "a: !Ref b\n? [x, y]\n: 1\n",
    "Jinja": f'- debug: {{msg: "{{{{ {DEEP} }}}}"}}\n',
    "brackets in JSON's words": json.dumps({"a": DEEP, "b": '"[' * 300}),
    "two documents": "a: 1\n---\nb: 2\n",
    "an anchor of one name twice": "[&a [x], &a [&a y, *a], *a]\n",
    "an alias of nothing": "a: *b\n",
    "aliases by the thousand": f"a: &a {{{', '.join(f'k{n}: {n}' for n in range(50))}}}\n"
    + "".join(f"h{n}: {{<<: *a, own: 1}}\n" for n in range(5000)),
    "some keys twice": "a: 1\n" * 90,
    "no YAML": "[group]\nhost ansible_host=10.0.0.1\n{ : [\n",
    "nothing": "",
}


@pytest.mark.parametrize("name", REFUSED)
def test_more_than_a_reader_can_bear_is_said_with_its_place(name: str) -> None:
    text, said, line = REFUSED[name]
    problem = find_excess(text, "play.yml")
    assert problem is not None
    assert said in problem.message
    assert (problem.path, problem.line) == ("play.yml", line)
    assert problem.remedy


@pytest.mark.parametrize("name", MEANT)
def test_what_somebody_means_is_not_refused(name: str) -> None:
    assert find_excess(MEANT[name], "play.yml") is None


def test_the_55_plays_and_the_examples_are_not_refused() -> None:
    books = [*(ROOT / "examples" / "playbooks").glob("*.yml"), ROOT / "tests" / "playbook" / "comparison.yml"]
    assert len(books) == 11
    assert [problem for book in books for problem in problems_in(book)] == []
    assert excess_below([ROOT / "examples" / "playbooks"]) == []


def test_what_a_play_leads_to_is_read_too(tmp_path: Path) -> None:
    """Whatever it includes and imports by a plain name, its roles, and the files of variables that it can name."""
    (tmp_path / "book.yml").write_text(
        "- import_playbook: other.yml\n"
        "- hosts: all\n  vars_files: [v1.yml, [v2.yml, v3.yml], '{{ no }}.yml']\n  roles: [one, {role: two}]\n"
        "  tasks:\n  - include_tasks: tasks/t.yml\n  - include_vars: {file: w.yml}\n  - include_vars: {dir: more}\n"
    )
    named = ["other.yml", "v1.yml", "vars/v2.yml", "tasks/t.yml", "w.yml", "more/x.json", "roles/one/tasks/main.yml"]
    named += ["roles/two/defaults/main.yaml", "roles/two/vars/main.yml", "roles/one/meta/main.yml"]
    for name in named:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"- a: {DEEP}\n")
    found = problems_in(tmp_path / "book.yml")
    assert {str(Path(problem.path or "").relative_to(tmp_path)) for problem in found} == set(named)
    beside = ["group_vars/all.yml", "host_vars/h/x.yml", "hosts.yml", "extra.json", "elsewhere/group_vars/all"]
    for name in beside:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"- a: {DEEP}\n")
    words = [str(tmp_path / "book.yml"), "-e", f"@{tmp_path / 'extra.json'}", "--check"]
    sources = [str(tmp_path / "hosts.yml"), str(tmp_path / "elsewhere"), "h1,h2,"]
    files = {problem.path for problem in excess_below(variables_beside(words, sources))}
    assert {str(Path(file or "").relative_to(tmp_path)) for file in files} == set(beside)
