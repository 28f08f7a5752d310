"""``psnet dsc serve``: the pull server, and its registration keys."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path
from typing import Annotated

import typer

from psnet._internal.output import try_output
from psnet._internal.terminal import echo, log_to
from psnet.cli.common import JsonOption, show_json
from psnet.errors import InputError

app = typer.Typer(help="A DSC pull server over TLS.", invoke_without_command=True)
key_app = typer.Typer(help="Registration keys: what a node must know to register.", no_args_is_help=True)
app.add_typer(key_app, name="key")

FolderOption = Annotated[
    Path,
    typer.Option(
        "--folder", envvar="PSNET_DSC_FOLDER", help="Holds configurations/, modules/ and private/.", show_default=False
    ),
]
DatabaseOption = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", help="An SQLAlchemy URL.", show_default="SQLite in private/"),
]
NameArgument = Annotated[str, typer.Argument(help="The key's name, for people.", show_default=False)]


@app.callback()
def serve(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Option("--folder", envvar="PSNET_DSC_FOLDER", help="Holds configurations/, modules/ and private/."),
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option("--tls-cert", help="The certificate with its chain, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", help="The key of the certificate, PEM.")] = None,
    self_signed: Annotated[
        bool, typer.Option("--self-signed", help="Make a CA and a certificate in private/ when they are not there.")
    ] = False,
    name: Annotated[
        list[str] | None,
        typer.Option(
            "--name",
            help="A name or address in the certificate of --self-signed; repeat it.",
            show_default="this host's",
        ),
    ] = None,
    listen: Annotated[str, typer.Option("--listen", help="ADDRESS:PORT; port 0 takes a free one.")] = "127.0.0.1:8080",
    database: DatabaseOption = None,
    clock_skew: Annotated[
        int, typer.Option("--clock-skew", min=1, max=3600, help="Seconds by which a node's clock may differ.")
    ] = 300,
    failures: Annotated[
        int, typer.Option("--failures", min=1, help="Failures of an address before it has to wait five minutes.")
    ] = 20,
    connections: Annotated[int, typer.Option("--connections", min=1, help="Connections of an address at once.")] = 256,
) -> None:
    """Serve configurations and modules to registered nodes until Ctrl-C; a status page for people at /.

    Nodes get <folder>/configurations/NAME.mof and <folder>/modules/NAME_VERSION.zip, which psnet dsc publish --folder
    writes.
    """
    if context.invoked_subcommand is not None:
        return
    import logging

    from psnet.dsc.server import ServerFolder, Tls, make_server, serve
    from psnet.dsc.server import listen as listening
    from psnet.dsc.server import self_signed as signed
    from psnet.dsc.server.paths import BASE

    if folder is None:
        raise InputError("--folder is missing", remedy="name the folder with configurations/ and modules/")
    address, port = _where(listen)
    place = ServerFolder(folder, database)
    authority: Path | None = None
    if self_signed:
        if tls_cert is not None or tls_key is not None:
            raise InputError("--self-signed makes the certificate", remedy="leave out --tls-cert and --tls-key")
        tls, authority = signed(place.private, name or [socket.gethostname(), "localhost", "127.0.0.1"])
    elif tls_cert is not None and tls_key is not None:
        tls = Tls(tls_cert, tls_key)
    else:
        raise InputError(
            "a pull server needs a certificate", remedy="give --tls-cert and --tls-key, or --self-signed to try it"
        )
    server = make_server(place.app(skew=clock_skew, most_failures=failures), tls, connections=connections)
    if not logging.getLogger().handlers:
        log_to(logging.StreamHandler(), logging.INFO)
    with contextlib.suppress(KeyboardInterrupt), listening(address, port) as sock:  # Ctrl-C is its end, however early
        host = f"[{address}]" if ":" in address else address
        root = f"https://{host}:{sock.getsockname()[1]}"
        echo(f"ServerURL    {root}{BASE}")
        echo(f"status page  {root}/  (any name; the password is in {place.token_file})")
        if authority is not None:
            echo(f"CA           {authority}")
        if not any(key.revoked is None for key in place.keys().list()):
            echo("no registration key yet: psnet dsc serve key add NAME --out FILE")
        serve(server, sock)


def _where(text: str) -> tuple[str, int]:
    address, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:  # noqa: PLR2004 - the last port there is
        raise InputError(f"--listen {text} is not ADDRESS:PORT", remedy="write 0.0.0.0:8080 or [::]:8080")
    return address.strip("[]") or "0.0.0.0", int(port)  # noqa: S104 - what an empty address means


@key_app.command("add")
def add(
    name: NameArgument,
    folder: FolderOption,
    out: Annotated[
        Path | None,
        typer.Option("--out", callback=try_output, help="Make a key, in this new file, for its owner alone."),
    ] = None,
    env: Annotated[str | None, typer.Option("--env", help="Take the key from this environment variable.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Take the key from a file only its owner may read.")
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow", help="Configurations that it opens, such as web*; repeat it.", show_default="*"),
    ] = None,
    database: DatabaseOption = None,
) -> None:
    """Add a registration key; nodes prove that they know it when they register."""
    from psnet._internal.secret import SecretSource
    from psnet.dsc.server.run import ServerFolder
    from psnet.dsc.server.seal import new_secret, write_secret

    if sum(item is not None for item in (out, env, file)) != 1:
        raise InputError("give one of --out, --env and --file", remedy="--out FILE makes a key")
    keys = ServerFolder(folder, database).keys()
    if out is not None:
        secret = new_secret()
        write_secret(out, secret)
    else:
        secret = SecretSource(env=env, file=str(file) if file is not None else None).read()
    try:
        made = keys.add(name, secret, allow or ("*",))
    except InputError:
        if out is not None:
            out.unlink(missing_ok=True)
        raise
    where = f"; it is in {out}" if out is not None else ""
    echo(f"{made.name}: opens {', '.join(made.allow)}{where}")


@key_app.command("list")
def list_(folder: FolderOption, database: DatabaseOption = None, json_: JsonOption = False) -> None:
    """List the keys, without their secrets."""
    import dataclasses

    from psnet.dsc.server.run import ServerFolder

    found = ServerFolder(folder, database).keys().list()
    if json_:
        show_json([dataclasses.asdict(key) for key in found])
        return
    for key in found:
        state = (
            f"revoked {key.revoked[:19]}" if key.revoked else f"last used {key.used[:19]}" if key.used else "not used"
        )
        echo(f"{key.name}  opens {', '.join(key.allow)}  added {key.created[:19]}  {state}")


@key_app.command("revoke")
def revoke(name: NameArgument, folder: FolderOption, database: DatabaseOption = None) -> None:
    """Let a key open nothing any more; the nodes that registered with it are no longer known either."""
    from psnet.dsc.server.run import ServerFolder

    ServerFolder(folder, database).keys().revoke(name)
    echo(f"{name}: revoked")
