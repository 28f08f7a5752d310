"""Lookups: what a template may read on the controller. Each returns a list."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psnet.playbook.template.values import TemplateFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.playbook.template.engine import Templar
    from psnet.playbook.template.scope import Scope

NAMES: Final = ("dict", "env", "file", "fileglob", "first_found", "indexed_items", "items", "list", "nested")
NAMES_MORE: Final = ("sequence", "template", "together", "varnames", "vars")
_RANGE: Final = re.compile(r"(?:(?P<start>\d+)-)?(?P<end>\d+)(?:/(?P<stride>\d+))?(?::(?P<format>.+))?")


class Lookups:
    """The lookups of one run."""

    def __init__(self, templar: Templar) -> None:
        self._templar = templar

    def functions(self, scope: Scope) -> dict[str, Any]:
        """Return what templates call: ``lookup`` gives text or one value, ``query`` always a list."""

        def query(name: str, *terms: Any, **options: Any) -> list[Any]:
            options.pop("wantlist", None)
            return self.run(name, list(terms), scope, **options)

        def lookup(name: str, *terms: Any, wantlist: bool = False, **options: Any) -> Any:
            found = query(name, *terms, **options)
            if wantlist:
                return found
            if len(found) == 1:
                return found[0]
            return ",".join(map(str, found)) if all(isinstance(item, str) for item in found) else found

        return {"lookup": lookup, "query": query, "q": query, "now": _now}

    def run(self, name: str, terms: list[Any], scope: Scope, **options: Any) -> list[Any]:
        """Return what a lookup finds; raise TemplateFault."""
        short = name.removeprefix("ansible.builtin.")
        method: Callable[..., list[Any]] | None = getattr(self, f"_{short}", None)
        if short not in (*NAMES, *NAMES_MORE) or method is None:
            raise TemplateFault(f"there is no lookup {name!r}: {', '.join((*NAMES, *NAMES_MORE))}")
        return method(terms, scope, **options)

    def _find(self, name: str, folders: tuple[str, ...]) -> Path | None:
        given = Path(str(name)).expanduser()
        for base in self._templar.folders:
            for folder in (*folders, ""):
                path = base / folder / given
                if path.is_file():
                    return path
        return given if given.is_absolute() and given.is_file() else None

    def _needed(self, name: str, *folders: str) -> Path:
        path = self._find(name, folders)
        if path is None:
            raise TemplateFault(f"there is no file {name} beside the playbook or in the role's folders")
        return path

    @staticmethod
    def _env(terms: list[Any], scope: Scope, default: Any = "") -> list[Any]:
        _ = scope
        return [os.environ.get(str(name), default) for name in terms]

    def _file(self, terms: list[Any], scope: Scope, *, rstrip: bool = True, lstrip: bool = False) -> list[Any]:
        _ = scope
        found = []
        for name in terms:
            text = self._needed(str(name), "files").read_text(encoding="utf-8")
            text = text.rstrip() if rstrip else text
            found.append(text.lstrip() if lstrip else text)
        return found

    def _template(self, terms: list[Any], scope: Scope, template_vars: dict[str, Any] | None = None) -> list[Any]:
        inner = scope.with_(template_vars or {})
        return [
            str(self._templar.text(self._needed(str(name), "templates").read_text(encoding="utf-8"), inner, **TRIMMED))
            for name in terms
        ]

    def _fileglob(self, terms: list[Any], scope: Scope) -> list[Any]:
        _ = scope
        found: list[str] = []
        for pattern in terms:
            for base in self._templar.folders:
                here = [base / "files", base] if not Path(str(pattern)).is_absolute() else [Path("/")]
                names = [
                    str(path)
                    for each in here
                    for path in sorted(each.glob(str(pattern).lstrip("/")))
                    if path.is_file() and str(path) not in found
                ]
                found += names
                if names:
                    break
        return found

    def _first_found(
        self, terms: list[Any], scope: Scope, files: Any = (), paths: Any = (), *, skip: bool = False
    ) -> list[Any]:
        _ = scope
        names: list[str] = [*(files or ())]
        for term in terms:
            if isinstance(term, dict):
                names += term.get("files", [])
                paths, skip = term.get("paths", paths), term.get("skip", skip)
            else:
                names += term if isinstance(term, list) else [term]
        folders = tuple(str(path) for path in paths or ("files", "templates", "vars", "tasks"))
        path = next((found for found in (self._find(str(name), folders) for name in names) if found), None)
        if path is None and not skip:
            raise TemplateFault(f"none of these files is there: {', '.join(map(str, names))}")
        return [str(path)] if path else []

    @staticmethod
    def _vars(terms: list[Any], scope: Scope, default: Any = None) -> list[Any]:
        found = []
        for name in terms:
            if name not in scope and default is None:
                raise TemplateFault(f"{name!r} is undefined", str(name))
            found.append(scope.get(name, default))
        return found

    @staticmethod
    def _varnames(terms: list[Any], scope: Scope) -> list[Any]:
        return [name for name in scope if any(re.search(str(term), name) for term in terms)]

    @staticmethod
    def _items(terms: list[Any], scope: Scope) -> list[Any]:
        _ = scope
        return [item for term in terms for item in (term if isinstance(term, list | tuple) else [term])]

    @staticmethod
    def _list(terms: list[Any], scope: Scope) -> list[Any]:
        _ = scope
        return terms

    def _indexed_items(self, terms: list[Any], scope: Scope) -> list[Any]:
        return [[index, item] for index, item in enumerate(self._items(terms, scope))]

    @staticmethod
    def _dict(terms: list[Any], scope: Scope) -> list[Any]:
        _ = scope
        found = []
        for term in terms if isinstance(terms, list) else [terms]:
            if not isinstance(term, dict):
                raise TemplateFault(f"with_dict takes a dictionary, not {type(term).__name__}")
            found += [{"key": key, "value": value} for key, value in term.items()]
        return found

    @staticmethod
    def _together(terms: list[Any], scope: Scope) -> list[Any]:
        import itertools  # noqa: PLC0415 - seldom used

        _ = scope
        return [list(row) for row in itertools.zip_longest(*terms)]

    @staticmethod
    def _nested(terms: list[Any], scope: Scope) -> list[Any]:
        import itertools  # noqa: PLC0415 - seldom used

        _ = scope
        lists = [term if isinstance(term, list) else [term] for term in terms]
        return [list(row) for row in itertools.product(*lists)]

    @staticmethod
    def _sequence(terms: list[Any], scope: Scope, **options: Any) -> list[Any]:
        _ = scope
        found: list[Any] = []
        for term in terms or [""]:
            found += _sequence(str(term), options)
        return found


def _sequence(term: str, options: dict[str, Any]) -> list[str]:
    words = dict(options)
    short = _RANGE.fullmatch(term.strip())
    if short:
        words |= {key: value for key, value in short.groupdict().items() if value is not None}
    else:
        words |= dict(part.split("=", 1) for part in term.split() if "=" in part)
    start, stride = int(words.get("start", 1)), int(words.get("stride", 1))
    if "count" in words:
        end = start + stride * (int(words["count"]) - 1)
        if int(words["count"]) == 0:
            return []
    elif "end" in words:
        end = int(words["end"])
    else:
        raise TemplateFault("a sequence needs end or count")
    if stride == 0:
        return []
    form = str(words.get("format", "%d"))
    if form.count("%") != 1:
        raise TemplateFault(f"{form!r} has no single place for the number, such as web%02d")
    return [form % number for number in range(start, end + (1 if stride > 0 else -1), stride)]


def _now(utc: bool = False, fmt: str | None = None) -> Any:  # noqa: FBT001, FBT002 - Ansible's order
    moment = datetime.now(UTC) if utc else datetime.now().astimezone()
    return moment.strftime(fmt) if fmt else moment


#: How Ansible reads template files: the newline after a block's tag is gone.
TRIMMED: Final = {"trim_blocks": True, "keep_trailing_newline": True}
