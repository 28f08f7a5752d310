"""What a restart keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.lab.host.hns.objects import HnsError
from psnet.lab.labhost import LabHost
from reality.asking import equal, holds, made, script
from reality.compare import situation

if TYPE_CHECKING:
    from psnet.recording import Difference, Record

TRANSPARENT = {"Name": "t", "Type": "Transparent"}


@situation("k01", "k03", "k04", "k05")
def nat_is_gone_on_2019(record: Record) -> list[Difference]:
    _ = record
    host = LabHost("a", "2019")
    made(host, "/networks", {"Name": "custom", "Type": "nat"})
    made(host, "/networks", TRANSPARENT)
    host.reboot()
    return equal("networks", ["t"], [item.name for item in host.hns.networks])


@situation("k07")
def nat_is_kept_on_2016(record: Record) -> list[Difference]:
    _ = record
    host = LabHost("a", "2016", docker=True)
    before = [item.id for item in host.hns.networks]
    host.reboot()
    return equal("networks", before, [item.id for item in host.hns.networks])


@situation("k08", "e09")
def mappings_of_dead_containers_stay_on_2016(record: Record) -> list[Difference]:
    _ = record
    host = LabHost("a", "2016", docker=True)
    host.run_container("web", "nat", ports=[(8080, 80, "tcp")])
    host.reboot()
    found = equal("mappings", ["8080"], script(host, "(Get-NetNatStaticMapping).ExternalPort").stdout)
    try:
        host.run_container("other", "nat", ports=[(8080, 80, "tcp")])
    except HnsError as error:
        return found + equal("refusal", "The object already exists.", str(error).strip())
    return found + holds("a refusal", condition=False)
