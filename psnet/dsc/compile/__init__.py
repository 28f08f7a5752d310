"""A site and its hosts -> DSC documents, without PowerShell: the third way to deliver a declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.dsc.compile.dsc3 import dsc3_documents
from psnet.dsc.compile.mof import mof_document
from psnet.dsc.compile.options import SiteDocument, SiteDocuments, SiteOptions
from psnet.dsc.compile.package import package_document
from psnet.dsc.compile.site import configuration_name, instances_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.inventories import InventoryHost
    from psnet.site import SiteSource

__all__ = ["SiteDocument", "SiteDocuments", "SiteOptions", "compile_site"]


def compile_site(
    source: SiteSource, hosts: Sequence[InventoryHost], options: SiteOptions | None = None
) -> SiteDocuments:
    """Compile a site to the documents of each host, in the order of the hosts.

    Raises SiteError for what the site has wrong or DSC cannot give, naming the resources and their lines;
    MofRefusal for what a real compiler would refuse; InputError for credentials and certificates.
    """
    options = options or SiteOptions()
    documents: list[SiteDocument] = []
    warnings: list[str] = []
    for host in hosts:
        site = source.for_host(host.name, host.variables)
        instances, told = instances_of(site, source, host.name, allow_downtime=options.allow_downtime)
        more: tuple[str, ...] = ()
        if options.format == "dsc3":
            documents += dsc3_documents(host.name, instances, options)
        else:
            write = package_document if options.format == "guestconfig" else mof_document
            made, more = write(configuration_name(site), instances, host, options)
            documents += [made] if made is not None else []
        warnings += [f"{host.name}: {text}" for text in (*told, *more)]
    return SiteDocuments(tuple(documents), tuple(dict.fromkeys(warnings)))
