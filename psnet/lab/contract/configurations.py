"""The target of configurations that are compiled for this machine instead of on a host."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psnet.mof import CompileOptions, MofDocument, MofRefusal, SchemaSet


@dataclass(slots=True)
class ConfigurationTarget:
    """The resources that configurations know, the compiler's options, and what came of them."""

    schemas: SchemaSet
    options: CompileOptions
    documents: list[MofDocument] = field(default_factory=list)
    refusals: list[MofRefusal] = field(default_factory=list)
