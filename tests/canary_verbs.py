"""Every verb of psnet's command line, for the test that looks for secrets in all that is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SITE = str(ROOT / "examples" / "minimal" / "site.yaml")

SDN_TRACE = ["sdn", "trace", "--from", "10.0.0.4", "--to", "10.0.0.5", "--port", "443/tcp"]


def verbs(planted: Any, place: Path) -> list[tuple[int | None, list[str]]]:
    """Return every verb with the exit code that it has when all goes well (None: whatever comes)."""
    place.mkdir(mode=0o700)

    def at(name: str) -> str:
        return str(place / name)

    i = ["-i", str(planted.inventory)]
    inputs = planted.inputs
    one = [*i, "--limit", "ws2022-01"]
    others = [["-i", str(inputs / f"{transport}.yaml")] for transport in ("pypsrp", "winrm")]
    run_as = ["--certificates", str(inputs), "--run-as"]
    return [
        (0, ["-v", "observe", *i, "--junit", at("o.xml")]),
        (0, ["observe", *i, "--json", "--executor", "processes:2"]),
        (0, ["plan", SITE, *i, "--out", at("plan.json"), "--junit", at("p.xml")]),
        (0, ["plan", SITE, *i, "--json"]),
        (0, ["show", at("plan.json"), "--html", at("plan.html")]),
        (0, ["show", at("plan.json"), "--json"]),
        (0, ["show", at("plan.json"), "--picture", at("plan.svg")]),
        (0, ["-v", "apply", at("plan.json")]),
        (0, ["apply", SITE, *i, "--yes", "--json", "--junit", at("a.xml"), "--executor", "processes:2"]),
        (0, ["run", *i, "--", "'in'"]),
        (1, ["-v", "run", *i, "--json", "--junit", at("r.xml"), "--", "throw 'no'"]),
        (0, ["runs", "list"]),
        (None, ["runs", "diff", "last", "last", "--json"]),
        (0, ["runs", "show", "last"]),
        (0, ["runs", "show", "last", "--json"]),
        (0, ["runs", "show", "last", "--html", at("run.html")]),
        (0, ["runs", "export", "last", "--out", at("run.json")]),
        (0, ["runs", "export", "last", "--junit", "--out", at("run.xml")]),
        (None, ["runs", "resume", "last", "--junit", at("resumed.xml")]),
        (0, ["-v", "watch", SITE, *i, "--count", "1"]),
        (0, ["render", SITE, *i, "--out", at("scripts")]),
        (0, ["adopt", *i, "--out", at("adopted")]),
        (0, ["record", *one, "--out", at("recorded")]),
        (0, ["graph", SITE, *i, "--live", "--out", at("graph.html")]),
        (0, ["graph", str(planted.inventory), "--live", "--out", at("graph.svg")]),
        (None, ["doctor", *i, "--json", "--junit", at("doctor.xml")]),
        (None, ["doctor", *i, "--fix", "--out", at("fix.json")]),
        (0, ["doctor", *one, "--collect", at("case.zip")]),
        (0, ["shell", *i, "-c", "print(fleet, host); print(fleet.run('1'))"]),
        (0, ["inventory", "list", *i, "--json"]),
        (0, ["inventory", "graph", *i]),
        (0, ["inventory", "show", "ws2022-04", *i]),
        (0, ["inventory", "show", "ws2022-02", *i, "--json"]),
        (0, ["inventory", "show", "web", "-i", str(planted.proxied)]),
        (4, ["-v", "observe", "-i", str(planted.proxied), "--json"]),
        (None, ["run", "-i", str(planted.proxied), "--", "1"]),
        (0, ["lint", SITE, "--sarif", at("lint.sarif")]),
        (0, ["schema", "--out", at("schema.json")]),
        (None, ["dsc", "compile", SITE, *i, "--out", at("documents"), *run_as, "svc"]),
        (None, ["dsc", "compile", SITE, *i, "--out", at("documents"), *run_as, "connection"]),
        (None, ["dsc", "compile", SITE, *i, "--out", at("documents"), "--run-as", "svc"]),
        (None, ["dsc", "publish", SITE, *i, "--folder", at("pull"), *run_as, "svc"]),
        (None, ["-v", "dsc", "publish", SITE, *one, *run_as, "svc", "--junit", at("published.xml")]),
        (None, ["dsc", "start", SITE, *one, *run_as, "svc", "--timeout", "5", "--junit", at("s.xml")]),
        *((None, ["dsc", word, *one, "--json"]) for word in ("status", "get", "remove")),
        *((None, ["dsc", word, *one, "--junit", at(f"{word}.xml")]) for word in ("test", "update")),
        (None, ["-v", "dsc", "lcm", str(inputs / "lcm.yaml"), *one, "--junit", at("lcm.xml")]),
        (3, ["dsc", "lcm", str(inputs / "lcm.yaml"), *one, "--out", at("lcm")]),
        (None, ["dsc", "serve", "key", "add", "k", "--folder", at("pull"), "--env", "CANARY_REGISTRATION"]),
        (None, ["dsc", "serve", "key", "list", "--folder", at("pull"), "--json"]),
        (None, ["dsc", "serve", "key", "add", "made", "--folder", at("pull"), "--out", at("made.key")]),
        (None, ["dsc", "serve", "key", "revoke", "made", "--folder", at("pull")]),
        (None, ["-v", "plan", str(inputs / "sdn.yaml"), *i]),
        (None, ["sdn", "show", str(inputs / "sdn.yaml"), *i]),
        (None, ["play", str(inputs / "play.yml"), *i, "-e", f"@{inputs / 'extra.json'}", "-v"]),
        (None, ["play", str(inputs / "play.yml"), *i, "-e", f"@{inputs / 'extra.json'}", "--json", "--diff"]),
        (3, ["runs", "list", "--journal", f"postgresql://u:{planted.secrets['Journal']}@127.0.0.1:9/x"]),
        (3, ["runs", "list", "--journal", f"nothing://u:{planted.secrets['Journal']}@127.0.0.1:no/x"]),
        *((0, ["-v", "observe", *other, "--json"]) for other in others),
        *((0, ["plan", SITE, *other]) for other in others),
        *((1, ["run", *other, "--", "throw 'no'"]) for other in others),
        (None, ["-v", "diff", "ws2022-01", "ws2022-02", *i, "--picture", at("diff.svg")]),
        (None, ["diff", SITE, *i, "--json"]),
        (None, ["trace", "ws2022-01", "8080/tcp", *i, "--picture", at("trace.svg")]),
        (None, ["trace", "ws2022-01", "8080/tcp", *i, "--json"]),
        (0, ["validate", SITE, *i, "--json", "--sarif", at("validate.sarif")]),
        (None, ["validate", str(inputs / "sdn.yaml"), *i]),
        (None, ["fmt", str(planted.inventory), "--diff"]),
        (None, ["fmt", str(inputs / "lcm.yaml"), "--check"]),
        (None, ["check", str(ROOT / "templates" / "observe"), "--sarif", at("check.sarif")]),
        (0, ["advise", "--reach", "ports", "--platform", "vm", "--runtime", "docker", "--out", at("advised.yaml")]),
        (0, ["lab", "exec", str(inputs / "asked.ps1"), "--json"]),
        (None, ["dsc", "mof", str(inputs / "lcm.yaml"), "--out", at("mof")]),
        (None, ["destroy", *i, "--out", at("destroy.json")]),
        (0, ["destroy", *i, "--yes", "--json", "--junit", at("d.xml")]),
        (None, ["-v", "top", *i, "--site", SITE, "--count", "1"]),
        *((None, ["top", *other, "--count", "1"]) for other in others),
        (0, ["adopt", *one, "--out", at("adopted-json"), "--json"]),
        (None, ["adopt", *one, "--out", at("adopted-json")]),
        (0, ["runs", "export", "last"]),
        (0, ["runs", "export", "last", "--junit"]),
        *((None, ["-v", *SDN_TRACE, str(inputs / "sdn.yaml"), *more]) for more in ([], i, [*i, "--live", "--json"])),
        (None, ["doctor", *i, "--strict", "--order", "reverse"]),
        *((None, ["doctor", *other, "--json"]) for other in others),
        *((0, ["diff", "ws2022-01", "ws2022-02", *i, *more]) for more in ([], ["--json"])),
        (None, ["diff", SITE, *i, "--picture", at("site-diff.html")]),
        *(
            (None, ["trace", "ws2022-01", "8080/tcp", *i, "--picture", at(f"t.{form}")])
            for form in ("html", "mmd", "dot")
        ),
        (0, ["trace", "ws2022-01", "8080/tcp", "--site", SITE, *i]),
        (0, ["validate", SITE]),
        (None, ["fmt", str(inputs / "copy.yaml")]),
        (0, ["show", at("plan.json")]),
        *((None, ["adopt", *other, "--out", at(f"adopted-{number}")]) for number, other in enumerate(others)),
        (0, ["lab", "run", "--", "true"]),
    ]
