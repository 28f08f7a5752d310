"""psnet lint and advise."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet._internal.output import try_output, write_whole
from psnet._internal.terminal import echo
from psnet.cli.common import BuildsOption, JsonOption, LimitOption, SarifOption, SiteArgument, show, show_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psnet.resources import Finding
    from psnet.site import SiteSource

BUILDS = {"2016": 14393, "2019": 17763, "2022": 20348, "2025": 26100}


def lint(
    site: SiteArgument,
    os_: BuildsOption = None,
    inventory: Annotated[
        Path | None,
        typer.Option("--inventory", "-i", envvar="PSNET_INVENTORY", help="Fill the site with these hosts' variables."),
    ] = None,
    limit: LimitOption = None,
    json_: JsonOption = False,
    sarif: SarifOption = None,
) -> None:
    """Check a site without a host: its form, and what Windows would refuse. Exits with 1 when there is an error."""
    from psnet.errors import InputError
    from psnet.inventories import load_inventory
    from psnet.report.plans import finding_lines
    from psnet.site import load_site

    source = load_site(site)
    unknown = [word for word in os_ or () if word not in BUILDS]
    if unknown:
        raise InputError(f"no such Windows: {unknown[0]}", remedy=f"one of {', '.join(BUILDS)}")
    variables: dict[str, dict[str, Any]] = {"any-host": {}}
    if inventory is not None:
        variables = {host.name: dict(host.variables) for host in load_inventory(inventory).select(limit)}
    rows = rows_of(source, variables, os_ or list(BUILDS))
    if sarif is not None:
        from psnet._internal.version import VERSION
        from psnet.report.sarif import site_sarif

        document = site_sarif((), [(finding, str(site)) for finding in rows], VERSION)
        write_whole(sarif, json.dumps(document, indent=2) + "\n")
    if json_:
        show_json([{**json.loads(item.model_dump_json()), "os": sorted(set(where))} for item, where in rows.items()])
    else:
        for finding, where in rows.items():
            words = sorted(set(where))
            show([Text(f"Windows Server {', '.join(words)}", style="dim"), *finding_lines(finding)])
        if not rows:
            show([Text(f"{site}: nothing to say against it on {', '.join(os_ or BUILDS)}", style="green")])
    raise typer.Exit(1 if any(item.severity == "error" for item in rows) else 0)


def rows_of(
    source: SiteSource, variables: Mapping[str, Mapping[str, Any]], builds: Sequence[str]
) -> dict[Finding, list[str]]:
    """Return what stands against a site filled for hosts, with the Windows that says so."""
    from psnet.checks import lint_site

    places = {key: source.place(key).host or "" for key in source.sections}
    sections = {key: source.with_placeholders(key, variables.get(host, {})) for key, host in places.items()}
    declared = {key: section for key, section in sections.items() if section is not None}
    rows: dict[Finding, list[str]] = {}
    for host, values in variables.items():
        if host in places.values():
            continue
        filled = source.for_host(host, values).model_copy(update={"sections": declared})
        for word in builds:
            for finding in lint_site(filled, BUILDS[word]):
                rows.setdefault(finding, []).append(word)
    return rows


def _ask(given: str | None, question: str, choices: dict[str, str]) -> str:
    from psnet.errors import InputError

    if given is not None:
        if given not in choices:
            raise InputError(f"{given} is no answer", remedy=f"one of {', '.join(choices)}")
        return given
    if not sys.stdin.isatty():
        raise InputError(question, remedy=f"give the option: one of {', '.join(choices)}")
    for word, meaning in choices.items():
        echo(f"  {word:<10} {meaning}")
    return _ask(str(typer.prompt(question, default=next(iter(choices)))), question, choices)


def advise(
    reach: Annotated[str | None, typer.Option("--reach", help="ports, addresses or tenant.")] = None,
    platform: Annotated[str | None, typer.Option("--platform", help="physical, vm, azure or cloud.")] = None,
    addresses: Annotated[str, typer.Option("--addresses", help="hns, dhcp or static.")] = "hns",
    containers: Annotated[int, typer.Option("--containers", min=1, help="How many a host.")] = 10,
    runtime: Annotated[
        str | None, typer.Option("--runtime", help="docker, nerdctl, containerd, kubernetes or none.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", callback=try_output, help="Write a site to start from.")
    ] = None,
) -> None:
    """Recommend a network mode with its reasons; ask what is not given."""
    from psnet.checks.advise import advise as recommend
    from psnet.errors import InputError

    how = _ask(
        reach,
        "How are the containers reached?",
        {
            "ports": "through ports of the host",
            "addresses": "by addresses of their own on the physical network",
            "tenant": "by addresses of a tenant's virtual network",
        },
    )
    where = _ask(
        platform,
        "Where does the host run?",
        {
            "physical": "on its own hardware",
            "vm": "in a virtual machine",
            "azure": "in Azure",
            "cloud": "in another cloud, or a private one with SDN",
        },
    )
    given = _ask(addresses, "How do they get addresses?", {"hns": "HNS", "dhcp": "DHCP", "static": "by hand"})
    runs = _ask(
        runtime or (None if sys.stdin.isatty() else "none"),
        "What runs the containers?",
        {
            "none": "nothing yet, or psnet's own endpoints",
            "docker": "the Docker Engine",
            "nerdctl": "containerd, by nerdctl",
            "containerd": "containerd, by something else",
            "kubernetes": "containerd, by a kubelet",
        },
    )
    if out is not None and out.exists():
        raise InputError(f"{out} exists", remedy="choose another name")
    found = recommend(how, where, given, containers, runs)  # type: ignore[arg-type]
    line = Text("mode: ", style="bold")
    line.append(found.mode, style="bold green")
    show([line, *(Text(f"  + {item}") for item in found.reasons), *(Text(f"  ! {item}") for item in found.cautions)])
    if out is not None:
        write_whole(out, found.site)
        show([Text(f"\na site to start from is in {out}: psnet lint {out}", style="dim")])
    else:
        show([Text(""), Text(found.site)])
