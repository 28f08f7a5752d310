"""The command tree."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from psnet._internal.terminal import echo
from psnet.cli import (
    adopt,
    advise,
    apply,
    check,
    destroy,
    diff,
    doctor,
    fmt,
    graph,
    inventory,
    lab,
    observe,
    plan,
    play,
    record,
    render,
    run,
    runs,
    schema,
    sdn,
    shell,
    show,
    top,
    trace,
    validate,
    watch,
)
from psnet.cli.dsc import app as dsc_app

HELP = """Windows container networking as code.

Declare container networks, port mappings and firewall rules in a site file; psnet shows \
what would change on each host, changes it over WinRM, and proves that nothing is left to do.

Try it without Windows:

[bold]psnet lab run --os 2022 -- psnet plan examples/web/site.yaml[/]
"""

app = typer.Typer(
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 failed, 2 work to do (--detailed-exitcode), 3 bad input, 4 unreachable.",
)

CHANGE, LOOK, LAB = "Change hosts", "Look", "Without Windows"
app.command("plan", rich_help_panel=CHANGE)(plan.plan)
app.command("apply", rich_help_panel=CHANGE)(apply.apply)
app.command("show", rich_help_panel=LOOK)(show.show_plan)
app.command("destroy", rich_help_panel=CHANGE)(destroy.destroy)
app.command(
    "play",
    rich_help_panel=CHANGE,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)(play.play)
app.command("run", rich_help_panel=CHANGE)(run.run)
app.add_typer(runs.app, name="runs", rich_help_panel=CHANGE)
app.command("watch", rich_help_panel=LOOK)(watch.watch)
app.command("top", rich_help_panel=LOOK)(top.top)
app.command("render", rich_help_panel=LOOK)(render.render)
app.command("observe", rich_help_panel=LOOK)(observe.observe)
app.command("trace", rich_help_panel=LOOK)(trace.trace)
app.command("diff", rich_help_panel=LOOK)(diff.diff)
app.command("adopt", rich_help_panel=LOOK)(adopt.adopt)
app.command("record", rich_help_panel=LOOK)(record.record)
app.command("graph", rich_help_panel=LOOK)(graph.graph)
app.command("doctor", rich_help_panel=LOOK)(doctor.doctor)
app.command("validate", rich_help_panel=LAB)(validate.validate)
app.command("fmt", rich_help_panel=LAB)(fmt.fmt)
app.command("lint", rich_help_panel=LAB)(advise.lint)
app.command("advise", rich_help_panel=LAB)(advise.advise)
app.command("schema", rich_help_panel=LAB)(schema.schema)
app.command("check", rich_help_panel=LAB)(check.check)
app.command("shell", rich_help_panel=LOOK)(shell.shell)
app.add_typer(sdn.app, name="sdn", rich_help_panel=LOOK)
app.add_typer(inventory.app, name="inventory", rich_help_panel=LOOK)
app.add_typer(lab.app, name="lab", rich_help_panel=LAB)
app.add_typer(dsc_app, name="dsc", rich_help_panel=LAB)


def command_tree() -> Any:
    """Return the commands as they are run: an option says what it takes in a word, and a switch takes nothing."""
    tree: Any = typer.main.get_command(app)
    waiting, names = [tree], tree.context_settings["help_option_names"]
    while waiting:
        here = waiting.pop()
        waiting += getattr(here, "commands", {}).values()
        here.help = _flowing(here.help)
        settings = {"help_option_names": names} | here.context_settings
        for each in (*here.params, here.get_help_option(here.context_class(here, **settings))):
            if each.param_type_name == "option" and each.metavar is None:
                each.metavar = "" if each.is_flag or each.count else _takes(each)
            elif each.param_type_name == "argument":
                each.metavar = _called(each)
    return tree


def _flowing(text: str | None) -> str | None:
    """Return a help text whose paragraphs break where the terminal ends, not where the source does."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n")) if text else text


def _called(argument: Any) -> str:
    """Return an argument's word; typer puts its own signs around it for optional ones and for several."""
    return str(argument.metavar or argument.name.upper()).removesuffix("...").removeprefix("[").removesuffix("]")


def _takes(option: Any) -> str | None:
    """Return what an option's value is called: PATH, N or TEXT; None for one of several words, which typer lists."""
    described = getattr(option, "type_descriptor", None)
    if described is None or described.is_choice:
        return None
    shown = option.display_type(None).lower()
    return "PATH" if "path" in shown else "N" if "int" in shown or "float" in shown else "TEXT"


def _version(wanted: bool) -> None:
    if wanted:
        from psnet import __version__

        echo(f"psnet {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what psnet does to standard error.")] = False,
) -> None:
    """Set up logging for every command."""
    if verbose:
        import logging

        from psnet._internal.terminal import log_to

        log_to(logging.StreamHandler(), logging.INFO)
        logging.getLogger("psnet").setLevel(logging.DEBUG)
