"""A meta-configuration with one setting changed, as the Local Configuration Manager itself changes one."""

from __future__ import annotations

from dataclasses import replace

from psnet.lab.lcm.settings import SETTINGS
from psnet.mof import Instance, Value, document_text, parse_mof


def with_setting(data: bytes | None, name: str, value: Value) -> bytes:
    """Return a meta-configuration document in which a setting has this value; without a document, a fresh one."""
    instances = _fresh() if data is None else parse_mof(data)
    made = [_changed(item, name, value) if item.class_name.lower() == SETTINGS.lower() else item for item in instances]
    return document_text(made).encode()


def _changed(instance: Instance, name: str, value: Value) -> Instance:
    kept = {key: held for key, held in instance.properties.items() if key.lower() != name.lower()}
    return replace(instance, properties={**kept, name: value})


def _fresh() -> list[Instance]:
    version = {"Version": Value("string", "2.0.0"), "MinimumCompatibleVersion": Value("string", "2.0.0")}
    return [
        Instance(SETTINGS, f"${SETTINGS}1ref", {}),
        Instance("OMI_ConfigurationDocument", None, {**version, "Name": Value("string", SETTINGS)}),
    ]
