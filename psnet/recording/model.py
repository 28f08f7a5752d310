"""One record is what one command answered on one host; a recording is a list of them in YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ConfigDict, Field, field_validator

from psnet._internal.model import Model
from psnet._internal.validate import validate
from psnet._internal.yaml import read_yaml
from psnet.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from psnet.errors import Problem


class Record(Model):
    """What one command answered.

    ``build`` is a number in text, with words where it was inferred; ``output`` has the fields, types, order and letter
    case of the answer, the word ``cut`` where the report left something out; ``partial`` means that absent fields say
    nothing; ``error`` is what the command failed with (text, FullyQualifiedErrorId, CategoryInfo).
    """

    model_config = ConfigDict(extra="ignore")

    id: str
    command: str
    build: str = "unknown"
    source: str = ""
    date: str = ""
    product: str = ""
    runtime: str = ""
    output: Any = None
    error: dict[str, str] | None = Field(default=None, description="text, id, category")
    partial: bool = False
    note: str | None = None

    @field_validator("build", "date", "source", "product", "runtime", mode="before")
    @classmethod
    def _text(cls, value: Any) -> str:
        return str(value)


def load_recording(path: Path | str) -> tuple[Record, ...]:
    """Read a recording; raises InputError that names every problem with its line."""
    document = read_yaml(path)
    if not isinstance(document.data, list):
        raise InputError(f"{path} is no recording", remedy="a recording is a list of records: psnet record writes one")
    problems: list[Problem] = []
    found = [validate(Record, item, document, (place,), problems) for place, item in enumerate(document.data)]
    if problems:
        raise InputError(f"{path} is no recording", problems)
    return tuple(item for item in found if item is not None)


def dump_recording(records: Iterable[Record], heading: str = "") -> str:
    """Return a recording as YAML; every line of ``heading`` becomes a comment."""
    data = [
        {
            name: value
            for name, value in record.model_dump().items()
            if value not in (None, "", False) or name == "output"
        }
        for record in records
    ]
    for entry in data:
        if "error" in entry:
            entry.pop("output", None)
    head = "".join(f"# {line}\n".replace("# \n", "#\n") for line in heading.splitlines())
    return head + yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=150)
