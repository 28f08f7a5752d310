"""What there is to check: script files below folders, and templates rendered with stand-ins for their values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Self

from psnet.errors import InputError
from psnet.powershell import Raw, Templates
from psnet.powershell.template import template_folder

from .reading import is_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SUFFIXES: Final = frozenset({".ps1", ".psm1", ".psd1"})


_SPLAT: Final = "PSNetSplatted"
_SPLATTED: Final = re.compile(rf"-{_SPLAT} \$\{{(\w+)\}}")


# What psnet gives templates as PowerShell text, whatever the resource.
_CONSTANTS: Final = {"comma": Raw(","), "nothing": Raw("")}


class _Stand(Raw):
    """A value of a template that is not known: written as a variable of its name, so that nothing is said of it.

    ``full`` decides which branches are rendered: every optional part, or none.
    """

    _full: bool

    def __new__(cls, name: str, *, full: bool) -> Self:
        made = super().__new__(cls, f"${{{name}}}")
        made._full = full
        return made

    def _part(self, name: str) -> _Stand:
        return _Stand(f"{str(self)[2:-1]}_{name}", full=self._full)

    def __getattribute__(self, name: str) -> Any:
        """Give every name but Python's own a stand-in, also where text has a method of that name."""
        if name.startswith("_") or name == "items":
            return super().__getattribute__(name)
        return self._part(name)

    def __getitem__(self, key: Any) -> Any:
        return self._part(str(key))

    def __iter__(self) -> Iterator[Any]:
        return iter([self._part("a"), self._part("b")] if self._full else [])

    def __bool__(self) -> bool:
        return self._full

    def __len__(self) -> int:
        return 2 if self._full else 1

    def __add__(self, other: Any) -> Any:
        return self._part("sum")

    def items(self) -> Any:
        """Return the pairs that ``arguments`` writes: one that could be any, as a splatted variable is."""
        return [(_SPLAT, self)]


def script_files(paths: Iterable[Path]) -> list[Path]:
    """Return the scripts among some files and folders: .ps1, .psm1, .psd1 and .ps1.j2, folders searched.

    Of the templates in a folder only psnet's own are found: those of others cannot be rendered here.
    """
    found: list[Path] = []
    own = template_folder().resolve()
    for path in paths:
        if path.is_dir():
            named = (
                one
                for one in path.rglob("*")
                if one.suffix.lower() in SUFFIXES or (one.name.endswith(".ps1.j2") and own in one.resolve().parents)
            )
            found += sorted(one for one in named if is_file(one))
        else:
            found.append(path)
    return found


def rendered_templates(path: Path) -> list[tuple[str, str]]:
    """Return (label, PowerShell) of a template of psnet's: with all of its optional parts, and with none.

    Only templates in psnet's own folder can be rendered; any other raises InputError.
    """
    try:
        name = path.resolve().relative_to(template_folder().resolve()).as_posix()
    except ValueError:
        raise InputError(f"{path} is no template of psnet", remedy="render it, and check what comes out") from None
    templates = Templates()
    variables = templates.variables(name)
    found: dict[str, str] = {}
    for full, label in ((True, "with everything"), (False, "with the least")):
        stands = {variable: _Stand(variable, full=full) for variable in variables} | _CONSTANTS
        text = _SPLATTED.sub(r"@\1", str(templates.render(name, **stands)))
        found.setdefault(text, f"{path} ({label})")
    return [(label, text) for text, label in found.items()]
