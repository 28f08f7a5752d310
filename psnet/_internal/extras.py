"""Optional parts of psnet: which extra brings a module that is not installed."""

from __future__ import annotations

from typing import Final

from psnet.errors import InputError

#: Top-level module -> the extra that brings it; a module that several extras bring says the one of its command.
_EXTRAS: Final = {
    "IPython": "shell",
    "babel": "lab",
    "distributed": "dask",
    "lxml": "lab",
    "prometheus_client": "metrics",
    "psycopg": "postgresql",
    "regex": "lab",
}
#: What both the lab's controller and the pull server stand on.
_WEB: Final = frozenset({"h11", "starlette", "uvicorn"})


def missing_extra(error: ModuleNotFoundError, command: str = "") -> InputError | None:
    """Return what to install when a module of an extra is not there; None when the module is nobody's.

    ``command`` is the command line's first words: the pull server and the lab share modules.
    """
    module = (error.name or "").partition(".")[0]
    extra = _EXTRAS.get(module)
    if module in _WEB or (extra == "metrics" and command.startswith("dsc")):
        extra = "server" if command.startswith("dsc") else "lab"
    if extra is None:
        return None
    what = f"psnet {command}" if command else "this"
    return InputError(f"{what} needs {module}, which is not installed", remedy=f"run: pip install 'psnet[{extra}]'")
