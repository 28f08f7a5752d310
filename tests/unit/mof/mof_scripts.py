"""Run a recorded Configuration script on the lab's engine: what differs from the record, "" when nothing does."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from mof_oracle import MODULES, REFUSED_FOR_SAFETY, WRITTEN_CORRECTLY, oracle_schemas, ours, recorded

from psnet.lab.cmdlets import lab_registry
from psnet.lab.contract.configurations import ConfigurationTarget
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.execute import run_file
from psnet.lab.run import make_hosts
from psnet.mof import CompileOptions, parse_mof


def script_difference(case: dict[str, Any]) -> str:
    """Compare documents by meaning, or the id of the refusal that decides."""
    (host,) = make_hosts(["2022"])
    schemas = oracle_schemas().only(case["schemas"]) if case["schemas"] else oracle_schemas()
    zone = case.get("timezone", "UTC")
    host.zone = ZoneInfo(zone)
    host.configuration_target = target = ConfigurationTarget(
        schemas.with_modules(MODULES), CompileOptions(timezone=zone)
    )
    script = f"$OutputPath = 'C:\\out'\n{case['script']}"
    try:
        result = run_file(host, script, [], "5.1", registry=lab_registry(host))
    except UnsupportedError as refused:
        return str(refused)
    wanted = REFUSED_FOR_SAFETY.get(case["id"]) or case.get("refusal_id")
    if case["id"] in WRITTEN_CORRECTLY:
        return "" if target.documents else "wrong: nothing written"
    if wanted:
        got = (
            [target.refusals[0].refusal_id] if target.refusals else [one.partition(",")[0] for one in result.errors[:1]]
        )
        return "" if got == [wanted] else f"wrong: {got} instead of {wanted}"
    expected = {one["file"]: recorded(one["instances"]) for one in case.get("documents") or []}
    written = {one.file: ours(parse_mof(one.text)) for one in target.documents}
    return "" if written == expected and not result.errors else f"wrong: {result.errors or sorted(written)}"
