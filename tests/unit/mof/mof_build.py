"""Short ways to write declarations over the recorded schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psnet.mof import CompileOptions, Instance, MofRefusal, compile_configuration, parse_mof

if TYPE_CHECKING:
    from psnet.mof import SchemaSet

PLAIN = {"AllNodes": [{"NodeName": "h", "PSDscAllowPlainTextPassword": True}]}
SECRET = {"$credential": {"username": "admin", "password": "Pa55"}}


def scalar(name: str = "A", depends: Any = None, **properties: Any) -> dict[str, Any]:
    return {
        "type": "OracleScalar",
        "name": name,
        "properties": {"Name": name, **properties},
        "depends_on": depends,
    }


def nested(name: str = "N", **properties: Any) -> dict[str, Any]:
    return {"type": "OracleNested", "name": name, "properties": {"Name": name, **properties}}


def array(**properties: Any) -> dict[str, Any]:
    return {"type": "OracleArray", "name": "A", "properties": {"Name": "a", **properties}}


def leaf(**properties: Any) -> dict[str, Any]:
    return {"$instance": "Oracle_Leaf", "properties": properties}


def branch(title: str, **properties: Any) -> dict[str, Any]:
    return {"$instance": "Oracle_Branch", "properties": {"Title": title, "Weight": 1, **properties}}


def site(*resources: dict[str, Any], data: Any = None, **around: Any) -> dict[str, Any]:
    inner = {
        "name": "Site",
        "configuration_data": data,
        "nodes": [{"node": "h", "resources": list(resources)}],
    }
    return {"configuration": inner, **around}


def lcm(*resources: dict[str, Any]) -> dict[str, Any]:
    return {
        "document": "meta",
        "configuration": {"name": "Lcm", "nodes": [{"node": "h", "resources": list(resources)}]},
    }


def settings(**properties: Any) -> dict[str, Any]:
    return {"type": "Settings", "name": None, "properties": properties}


def meta(kind: str, name: str, depends: Any = None, **properties: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "properties": properties, "depends_on": depends}


def written(config: dict[str, Any], schemas: SchemaSet, **options: Any) -> list[Instance]:
    (document,) = compile_configuration(config, schemas, CompileOptions(**options)).documents
    return parse_mof(document.encode())


def refusal(config: dict[str, Any], schemas: SchemaSet) -> str:
    with pytest.raises(MofRefusal) as caught:
        compile_configuration(config, schemas)
    return caught.value.refusal_id
