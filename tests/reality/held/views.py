"""Default views, and what HNS logs."""

from __future__ import annotations

from psnet.lab.labhost import LabHost
from reality.asking import hns, script
from reality.claims import claim


@claim("c141")
def a_route_shows_the_metric_of_its_interface_from_2019_on() -> None:
    for os, shown in (("2016", False), ("2019", True)):
        text = "\n".join(script(LabHost("a", os), "Get-NetRoute").stdout)
        assert ("ifMetric" in text) is shown, os
        assert "PolicyStore" in text


@claim("c116")
def hns_logs_requests_with_their_document_and_failures_with_their_code() -> None:
    for os in ("2019", "2022"):
        host = LabHost("a", os)
        body = {"Name": "n", "Type": "nothing"}
        assert not hns(host, "POST", "/networks", body)["Success"]
        log = "Microsoft-Windows-Host-Network-Service-Admin"
        result = script(host, f"Get-WinEvent -LogName {log} | ForEach-Object {{ [string] $_.Id + ' ' + $_.Message }}")
        assert result.errors == []
        failed, asked = result.stdout
        assert failed.startswith("1013 HNS-Network-Create")
        assert failed.endswith("0x803B000B'")
        assert asked.startswith("1055 RPC request received. Type: 'Create', Entity: 'Network'")
        assert '"nothing"' in asked
