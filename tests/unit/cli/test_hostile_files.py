"""Files that mean harm, or that are broken, to every command that reads one: a sentence, soon, and no traceback."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import pytest
import yaml
from sampling import every

from psnet.cli import main

HERE = Path(__file__).resolve().parents[1] / "hostile"
ROOT = Path(__file__).resolve().parents[3]
SITE = str(ROOT / "examples" / "minimal" / "site.yaml")
_BRACKETS = "[" * 5000
#: Name -> what the file holds. A text is written as UTF-8, also where it is none.
HARM: dict[str, str | bytes] = {
    "alias bomb": (HERE / "alias-bomb.yaml").read_text(),
    "merged bomb": "\n".join(
        f"k{n}: &k{n} {{<<: [{', '.join([f'*k{n - 1}'] * 9)}]}}" if n else "k0: &k0 {a: 1}" for n in range(12)
    ),
    "holds itself": "name: &a [*a]\n",
    "control character": (HERE / "control-character.yaml").read_text(),
    "escape sequence": 'name: "\x1b[2J"\n',
    "escaped escape sequence": 'name: "\\e[2J"\nno_such_key_\x85: 1\n',
    "deep lists": f"name: {_BRACKETS}{']' * 5000}",
    "deep lists of no end": f"name: {_BRACKETS}",
    "deep keys": "\n".join(f"{' ' * depth}a:" for depth in range(1500)),
    "deep dashes": "- " * 5000,
    "deep questions": "? " * 5000,
    "deep braces": "{" * 100_000,
    "deep JSON": '{"kind":"psnet-plan","format":2,"x":' + "[" * 100_000 + "]" * 100_000 + "}",
    "long number": f"name: {'9' * 6000}",
    "number of base sixty": f"name: 1{':1' * 5000}",
    "no month": "name: 2001-13-45\n",
    "no truth": "name: !!bool maybe\nother: !!int ''\n",
    "python": "name: !!python/object/apply:os.system [echo run > ran]\n",
    "python on a word": "name: !!python/name:os.system x\n",
    "python by a handle": "%TAG !p! tag:yaml.org,2002:python/\n---\nname: !p!object/apply:os.system [echo run > ran]\n",
    "unknown tag": "name: !Ref {a: b}\n",
    "keys of lists": "? [a, b]\n: 1\n",
    "a thousand times one key": "name: a\n" * 1000,
    "two documents": "name: a\n---\nname: b\n",
    "a list": "[1, 2]\n",
    "a word": "name\n",
    "a number": "7\n",
    "nothing": "",
    "blanks": "\ufeff \n",
    "half a character": b"name: \xff\xfea\n",
    "UTF-16 that is cut": "name: abc".encode("utf-16")[:-1],
    "UTF-32": "name: a\n".encode("utf-32"),
    "zeros": b"\0" * 5000,
    "noise": random.Random(7).randbytes(5000),
    "a long line": "name: " + "x" * 3_000_000,
    "a vault that is none": "$ANSIBLE_VAULT;1.1;AES256\nzz\n",
    "a vault of nothing": "$ANSIBLE_VAULT;1.1;AES256\n",
    "a cut database": b"SQLite format 3\0" + b"\xff" * 2000,
    "a certificate of noise": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "merges of merges": "a: &a {x: 1}\n"
    + "\n".join(f"{chr(98 + n)}: &{chr(98 + n)} {{<<: [*{chr(97 + n)}, *{chr(97 + n)}]}}" for n in range(24)),
    "merge of itself": "a: &a\n  <<: *a\n  b: 1\n",
    "merge of a word": "<<: word\nname: a\n",
    "merge of a list of words": "<<: [a, b]\nname: a\n",
    "anchor of a key": "&a name: &b a\n*a : *b\n",
    "key that is an alias of a map": "a: &a {b: 1}\n*a : 1\n",
    "alias of nothing": "name: *nothing\n",
    "50,000 anchors": "name: [" + ",".join(f"&a{n} x" for n in range(50_000)) + "]\n",
    "anchor of 1 MB": f"name: &{'a' * 1_000_000} x\n",
    "tag of 1 MB": f"name: !{'a' * 1_000_000} x\n",
    "float of no end": f"name: 1.{'9' * 1_000_000}\n",
    "float too large": "name: [1e999999, -1e400, .inf, .nan, 1e-999999]\n",
    "hexadecimal of 1 MB": f"name: 0x{'f' * 1_000_000}\n",
    "binary of 1 MB": f"name: 0b{'1' * 1_000_000}\n",
    "octal of 1 MB": f"name: 0{'7' * 1_000_000}\n",
    "float of base sixty": f"name: 1{':1' * 5000}.5\n",
    "time of many signs": f"name: 2001-01-01 00:00:00.{'9' * 100_000} +99:99\n",
    "time out of range": "name: 9999-12-31T23:59:59.999999-23:59\n",
    "zone out of range": "name: 2001-01-01T00:00:00+48:00\n",
    "bytes that are none": "name: !!binary '%%%'\n",
    "bytes of 3 MB": f"name: !!binary {'A' * 3_000_000}\n",
    "a set of lists": "name: !!set {? [a], ? {b: c}}\n",
    "an order of nothing": "name: !!omap [a, {b: c, d: e}]\n",
    "pairs": "name: !!pairs [a]\n",
    "flow in flow": "name: " + "{a: [" * 3000 + "]}" * 3000,
    "flow of commas": "name: [" + "," * 100_000 + "]\n",
    "many documents": "---\n" * 100_000,
    "many directives": "%YAML 1.1\n" * 1000 + "---\na\n",
    "YAML 9": "%YAML 9.9\n---\nname: a\n",
    "comments alone": "# x\n" * 500_000,
    "indented block": "name: |9\n" + " " * 9 + "x\n",
    "folds": "name: >+\n" + "\n" * 500_000,
    "tabs": "name:\n\t- a\n",
    "quoted without end": 'name: "' + "x" * 100_000,
    "escaped zeros": 'name: "\\0\\x00\\u0000"\n',
    "escaped surrogate": 'name: "\\ud800"\n',
    "beyond Unicode": 'name: "\\UFFFFFFFF"\n',
    "bidi": "name: a\u202eb\n\u200bhosts: 1\n",
    "line separators": "name: a\u2028b\u0085c\n",
    "JSON twice": '{"name": "a"}{"name": "b"}',
    "JSON of NaN": '{"name": NaN, "x": -Infinity, "y": 1e999}',
    "JSON of one key": "{" + ",".join('"name": 1' for _ in range(50_000)) + "}",
    "JSON of a long number": '{"kind":"psnet-plan","format":' + "9" * 10_000 + "}",
    "JSON lines": '{"a": 1}\n' * 1000 + "[" * 50_000,
    "too many values": "[" + "x," * 201_000 + "]",
}
INVENTORY = {"connection": {"user": "u", "retry": {"attempts": 1, "resume_within": 0}, "port": 1}}
#: What a hosts.yaml says of the file: as a secret, a vault, an authority, a certificate.
SAYS = {
    "secret": {"password": {"file": "file.yaml"}},
    "vault": {"password": {"vault": "file.yaml"}},
    "authority": {"password": {"env": "HOME"}, "ca_file": "file.yaml"},
    "certificate": {
        "auth": "certificate",
        "certificate_file": "file.yaml",
        "certificate_key_file": "file.yaml",
        "ca_file": None,
    },
}
#: Command lines that read FILE; an inventory of SAYS is named by its word.
READERS = [
    *(["lint", "FILE"], ["validate", "FILE"], ["fmt", "FILE", "--check"], ["plan", "FILE", "-i", "h,"]),
    *(["render", "FILE", "-i", "h,", "--out", "out"], ["graph", "FILE", "--out", "out.svg"]),
    *(["graph", "FILE", "--format", "mermaid"], ["apply", "FILE", "-i", "h,", "--yes"]),
    *(["watch", "FILE", "-i", "h,", "--count", "1"], ["diff", "FILE", "-i", "h,"], ["show", "FILE"]),
    *(["inventory", "list", "-i", "FILE"], ["inventory", "show", "h", "-i", "FILE"], ["observe", "-i", "FILE"]),
    *(["validate", SITE, "-i", "FILE"], ["trace", "h", "80/tcp", "-i", "FILE"], ["destroy", "-i", "FILE", "--yes"]),
    *(["plan", SITE, "-i", "GROUPS"], ["inventory", "list", "-i", "GROUPS"]),
    *(["dsc", "compile", "FILE", "-i", "h,", "--out", "out"], ["dsc", "lcm", "FILE", "-i", "h,", "--out", "out"]),
    *(["dsc", "mof", "FILE", "--out", "out"], ["dsc", "mof", "mof.yaml", "--schemas", "SCHEMAS", "--out", "out"]),
    ["dsc", "compile", SITE, "-i", "h,", "--out", "out", "--certificates", "CERTIFICATES", "--run-as", "svc"],
    ["dsc", "lcm", "roots.yaml", "-i", "h,", "--out", "out"],
    *(["lab", "run", "--file", "FILE", "--", "true"], ["lab", "run", "--faults", "FILE", "--", "true"]),
    *(["record", "--compare", "FILE"], ["record", "--from", "FILE", "--out", "out"]),
    *(["runs", "list", "--journal", "FILE"], ["runs", "show", "last", "--journal", "FILE"]),
    *(["observe", "-i", word] for word in SAYS),
    *(["sdn", "show", "FILE", "-i", "h,"], ["play", "FILE", "-i", "h,", "--syntax-check"]),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the inventories and the files that name ``file.yaml``."""
    for name, words in SAYS.items():
        said = {key: value for key, value in words.items() if value is not None}
        data = {
            **INVENTORY,
            "connection": {**INVENTORY["connection"], **said},
            "hosts": {"h": {"address": "127.0.0.1"}},
        }
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(data))
    (tmp_path / "roots.yaml").write_text("trusted_roots: [file.yaml]\n")
    (tmp_path / "mof.yaml").write_text("name: a\nnodes: [{node: h, resources: [{type: Nothing, name: x}]}]\n")
    for name in ("schemas", "certificates", "groups/group_vars"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "groups" / "hosts.yaml").write_text("hosts: {h: {address: 127.0.0.1}}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PSNET_JOURNAL", str(tmp_path / "journal.sqlite"))
    monkeypatch.setenv("PSNET_VAULT_PASSWORD", "x")
    return tmp_path


def command(words: list[str], folder: Path, content: bytes) -> list[str]:
    """Write the file where a command line reads it; return that line."""
    places = {
        "FILE": ("file.yaml", "file.yaml"),
        "GROUPS": ("groups/group_vars/all.yaml", "groups/hosts.yaml"),
        "SCHEMAS": ("schemas/a.schema.mof", "schemas"),
        "CERTIFICATES": ("certificates/h.pem", "certificates"),
        **{name: ("file.yaml", f"{name}.yaml") for name in SAYS},
    }
    used = [places[word] for word in words if word in places] or [("file.yaml", "")]
    path = folder / used[0][0]
    path.write_bytes(content)
    path.chmod(0o600)
    return ["psnet", *(str(folder / places[word][1]) if word in places else word for word in words)]


def files(folder: Path) -> set[str]:
    """Return what is in a folder, but for the journal."""
    return {str(item) for item in folder.rglob("*") if not item.name.startswith("journal.sqlite")}


CASES = [(words, name) for words in READERS for name in HARM]


@pytest.mark.parametrize(
    ("words", "name"), every(83, CASES), ids=lambda part: part if isinstance(part, str) else " ".join(part)
)
def test_it_ends_in_a_sentence(
    words: list[str], name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    harm = HARM[name]
    line = command(words, folder, harm.encode() if isinstance(harm, str) else harm)
    monkeypatch.setattr(sys, "argv", line)
    before = files(folder)
    began = time.monotonic()
    with pytest.raises(SystemExit) as ended:
        main()
    took = time.monotonic() - began
    said = capfd.readouterr()
    assert took < (60 if words[0] == "play" else 20)
    assert "Traceback" not in said.out + said.err
    assert "itself failed" not in said.err
    assert "\x1b[2J" not in said.out + said.err
    assert len(said.out + said.err) < 100_000
    assert said.err or said.out or not ended.value.code
    code = int(ended.value.code or 0)
    made = files(folder) - before
    assert code in (0, 1, 2, 3, 4) if words[0] == "play" else code in (0, 1, 3, 4)
    if name.startswith("python") and "file.yaml" not in "".join(words) and words[-1] != "true":
        assert code != 0 or words[0] == "play"
    assert not (folder / "ran").exists()
    if code:
        assert not made
