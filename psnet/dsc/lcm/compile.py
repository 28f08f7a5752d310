"""lcm.yaml -> one meta-configuration document a host, through the one compiler of psnet.mof."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from psnet._internal.text_files import read_data
from psnet._internal.validate import validate
from psnet._internal.yaml import Document, read_yaml
from psnet.dsc.compile.credentials import node_data
from psnet.dsc.compile.options import SiteOptions
from psnet.dsc.lcm.check import check
from psnet.dsc.lcm.model import LcmFile, ReportServer
from psnet.errors import InputError, Problem
from psnet.mof import MofRefusal, SchemaSet, compile_configuration
from psnet.site.template import render_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet._internal.model import Model
    from psnet.dsc.lcm.model import Credential
    from psnet.inventories import InventoryHost

_SPELLED = {
    "server_url": "ServerURL",
    "certificate_id": "CertificateID",
    "configuration_id": "ConfigurationID",
    "proxy_url": "ProxyURL",
    "maximum_download_size_mb": "MaximumDownloadSizeMB",
}
_TYPES = {
    "configuration_repositories": ("ConfigurationRepositoryWeb", "ConfigurationRepositoryShare"),
    "resource_repositories": ("ResourceRepositoryWeb", "ResourceRepositoryShare"),
    "report_servers": ("ReportServerWeb", "ReportServerWeb"),
    "partial_configurations": ("PartialConfiguration", "PartialConfiguration"),
    "signature_validations": ("SignatureValidation", "SignatureValidation"),
}
_REFERENCES = {
    "configuration_source": "configuration_repositories",
    "resource_module_source": "resource_repositories",
    "depends_on": "partial_configurations",
}


@dataclass(frozen=True, slots=True)
class MetaDocument:
    """One host's document. ``secret`` says that it holds a registration key in plain text, as Windows wants it.

    ``roots`` are the authorities that the host is to trust, each a certificate (DER).
    """

    host: str
    file: str
    data: bytes = field(repr=False)
    secret: bool
    roots: tuple[bytes, ...] = field(default=(), repr=False)


def load_lcm(path: Path | str) -> Document:
    """Read lcm.yaml; raises InputError when it is no YAML mapping."""
    document = read_yaml(path)
    if not isinstance(document.data, dict):
        raise InputError(f"{path} holds no settings", remedy="start it with settings:")
    return document


def lcm_for_host(source: Document, host: InventoryHost) -> LcmFile:
    """Return the file with a host's variables filled in; raises InputError with every problem found."""
    data, problems = render_values(source, {"inventory_hostname": host.name, **host.variables}, host.name)
    document = Document(source.path, data, source.positions)
    lcm = validate(LcmFile, data, document, (), problems) if not problems else None
    problems += check(lcm, document) if lcm is not None else []
    if problems or lcm is None:
        raise InputError(f"{source.path} has errors", problems)
    return lcm


def compile_lcm(
    source: Document, hosts: Sequence[InventoryHost], options: SiteOptions | None = None
) -> tuple[MetaDocument, ...]:
    """Compile a document a host, in their order; secrets are read now.

    Raises InputError for what the file has wrong, and for credentials that no certificate encrypts.
    """
    return tuple(_document(source, host, options or SiteOptions()) for host in hosts)


def _document(source: Document, host: InventoryHost, options: SiteOptions) -> MetaDocument:
    lcm = lcm_for_host(source, host)
    folder = Path(source.path).resolve().parent
    roots = tuple(_root(source, folder, index, name) for index, name in enumerate(lcm.trusted_roots))
    resources = list(_resources(lcm, folder))
    config = {
        "document": "meta",
        "configuration": {
            "name": "Lcm",
            "configuration_data": {"AllNodes": [node_data(host, host.name, options)]},
            "nodes": [{"node": host.name, "resources": resources}],
        },
    }
    header = replace(options.header, certificates=options.certificates)
    try:
        (made,) = compile_configuration(config, SchemaSet(), header).documents
    except MofRefusal as error:
        problems = [Problem(f"{item.id}: {item.message}", source.path, remedy=item.remedy) for item in error.refusals]
        raise InputError(f"{source.path} cannot become the meta-configuration of {host.name}", problems) from None
    secret = any("RegistrationKey" in item["properties"] for item in resources)
    return MetaDocument(host.name, made.file, made.encode(options.encoding), secret, roots)


def _root(source: Document, folder: Path, index: int, name: str) -> bytes:
    """Return an authority's certificate (DER); InputError when the file holds none."""
    where = ("trusted_roots", index)
    try:
        found = x509.load_pem_x509_certificate(read_data(folder / Path(name).expanduser()))
        authority = found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (InputError, ValueError, x509.ExtensionNotFound) as error:
        reason = f"{name} is no certificate of an authority: {error}"
        raise InputError(f"{source.path} has errors", [source.problem(where, reason)]) from None
    if not authority:
        problem = source.problem(where, f"{name} is a certificate, but not an authority's", remedy="give the CA's")
        raise InputError(f"{source.path} has errors", [problem])
    return found.public_bytes(serialization.Encoding.DER)


def _resources(lcm: LcmFile, folder: Path) -> Iterator[dict[str, Any]]:
    settings = {_spelling(name): value for name, value in lcm.settings.model_dump(exclude_none=True).items()}
    if settings:
        if "DebugMode" in settings:
            settings["DebugMode"] = [settings["DebugMode"]]
        yield {"type": "Settings", "name": None, "properties": settings}
    elif not any(getattr(lcm, section) for section in _TYPES):
        # A document has to say something: this is the default.
        yield {"type": "Settings", "name": None, "properties": {"RefreshMode": "Push"}}
    for section in _TYPES:
        for item in getattr(lcm, section):
            yield {"type": _type(section, item), "name": item.name, "properties": _properties(item, lcm, folder)}


def _type(section: str, item: Model) -> str:
    web, share = _TYPES[section]
    return share if getattr(item, "source_path", None) is not None else web


def _properties(item: Model, lcm: LcmFile, folder: Path) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name in type(item).model_fields:
        value = getattr(item, name)
        if name == "name" or value is None or value == ():
            continue
        if name in _REFERENCES and not isinstance(item, ReportServer):
            value = [_reference(lcm, _REFERENCES[name], text) for text in value]
        elif name == "registration_key":
            value = value.read(folder).get_secret_value()
        elif name in ("credential", "proxy_credential"):
            value = _credential(value, folder)
        made[_spelling(name)] = list(value) if isinstance(value, tuple) else value
    return made


def _reference(lcm: LcmFile, section: str, name: str) -> str:
    found = next(item for item in getattr(lcm, section) if item.name.lower() == name.lower())
    return f"[{_type(section, found)}]{found.name}"


def _credential(credential: Credential, folder: Path) -> dict[str, Any]:
    password = credential.password.read(folder).get_secret_value()
    return {"$credential": {"username": credential.user, "password": password}}


def _spelling(name: str) -> str:
    return _SPELLED.get(name) or "".join(part.capitalize() for part in name.split("_"))
