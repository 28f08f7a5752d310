"""The targets by CPU of the client a host, and whether the figures meet them."""

from __future__ import annotations

from typing import Any, Final

Row = dict[str, Any]
#: How many times cheaper than a peer's best form an unchanged host is to be; known by its digest twice that.
UNCHANGED: Final = {"pypsrp, best": 4.0, "pywinrm, best": 2.5, "ansible, best": 12.0}
PER_SECOND: Final = {"basic": 120.0, "ntlm": 80.0}
MOST_MEMORY: Final = 200


def judged(rows: list[Row], size: int) -> list[Row]:
    """Return a row a target that can be judged; a fleet of ``size`` counts where there is one, else the nearest."""
    found: list[Row] = []
    for auth in dict.fromkeys(row["auth"] for row in rows):
        for tool, factor in (("psnet", 1.0), ("psnet, known", 2.0)):
            ours = _at(rows, "unchanged", auth, tool, size)
            if ours is None:
                continue
            for peer, times in UNCHANGED.items():
                theirs = _at(rows, "unchanged", auth, peer, size)
                if theirs is not None:
                    word = f"{auth}, unchanged: {tool} cheaper than {peer}"
                    found.append(
                        _target(word, f">= {times * factor:g}", theirs["cpu_ms"] / ours["cpu_ms"], times * factor)
                    )
        ours, theirs = (_at(rows, "changed", auth, tool, size) for tool in ("psnet", "pypsrp, best"))
        if ours is not None and theirs is not None:
            found.append(
                _target(f"{auth}, changed: no dearer than pypsrp, best", ">= 1", theirs["cpu_ms"] / ours["cpu_ms"], 1)
            )
        ours = _at(rows, "unchanged", auth, "psnet", size)
        if ours is not None:
            word = f"{auth}, unchanged: hosts a CPU second"
            found.append(_target(word, f"> {PER_SECOND[auth]:g}", ours["hosts_per_cpu_second"], PER_SECOND[auth]))
    largest = max((row for row in rows if row["tool"] == "psnet"), key=lambda row: row["hosts"], default=None)
    if largest is not None:
        met = largest["peak_mb"] < MOST_MEMORY
        word = f"MB at {largest['hosts']:,} hosts"
        found.append({"target": word, "asked": f"< {MOST_MEMORY}", "found": float(largest["peak_mb"]), "": _word(met)})
    return found


def _at(rows: list[Row], state: str, auth: str, tool: str, size: int) -> Row | None:
    fitting = [row for row in rows if (row["state"], row["auth"], row["tool"]) == (state, auth, tool)]
    return min(fitting, key=lambda row: abs(row["hosts"] - size), default=None)


def _target(word: str, asked: str, found: float, least: float) -> Row:
    return {"target": word, "asked": asked, "found": round(found, 2), "": _word(found >= least)}


def _word(met: bool) -> str:  # noqa: FBT001 - one word for it
    return "met" if met else "missed"
