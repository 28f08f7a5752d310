"""From pydantic's errors to problems that name a file, a line, a key and a remedy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from psnet._internal.validation_messages import explain_error, kind_of
from psnet._internal.yaml import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

    from psnet._internal.yaml import Document, Path_
    from psnet.errors import Problem

M = TypeVar("M", bound=BaseModel)


def validate(model: type[M], data: Any, document: Document, where: Path_, problems: list[Problem]) -> M | None:
    """Return the model, or None after adding every problem found."""
    if not isinstance(data, dict):
        problems.append(document.problem(where, f"expected keys and values, not {kind_of(data)}"))
        return None
    switches = list(_switches(model, data, document, where))
    problems.extend(switches)
    try:
        made = model.model_validate(data)
    except ValidationError as error:
        problems.extend(_problems(error, model, document, where))
        return None
    return None if switches else made


def _switches(model: type[BaseModel], data: Any, document: Document, where: Path_) -> Iterator[Problem]:
    """Yield a problem for each true or false where a number is wanted: pydantic takes true for 1."""

    def walk(value: Any, place: Path_) -> Iterator[Problem]:
        if isinstance(value, dict | list):
            for key, item in value.items() if isinstance(value, dict) else enumerate(value):
                yield from walk(item, (*place, key))
        elif isinstance(value, bool) and _wants_number(model, place):
            yield document.problem((*where, *place), f"expected a number, not {kind_of(value)}")

    yield from walk(data, ())


def _wants_number(model: type[BaseModel], place: Path_) -> bool:
    """Say whether a field takes numbers, and neither true nor false."""
    holder = _model_at(model, place[:-1])
    field = holder.model_fields.get(str(place[-1])) if holder is not None and place else None
    kinds = set(_kinds_in(field.annotation)) if field is not None else set()
    return bool(kinds & {int, float}) and bool not in kinds


def _kinds_in(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _kinds_in(inner)


def _problems(error: ValidationError, model: type[BaseModel], document: Document, where: Path_) -> Iterator[Problem]:
    seen: set[tuple[Path_, str]] = set()
    said: set[str] = set()
    found = _alternatives_once(error.errors(include_url=False), document, where)
    missing = _missing(found, model)
    places = [item["loc"] for item in found]
    for item in sorted(found, key=lambda each: len(_known_part(each["loc"], document, where)) < len(each["loc"])):
        known = _known_part(_as_written(model, item["loc"]), document, where)
        place = (*where, *known)
        message, remedy = explain_error(item)
        if item["type"] == "extra_forbidden":
            near = _near(item, model)
            message, remedy = (
                "unknown key",
                f"did you mean {near}?" if near else _all_keys(model, item["loc"][:-1]),
            )
        elif item["type"] == "missing":
            keys = missing.pop(item["loc"][:-1], None)
            if not keys:
                continue  # all of an object's are told at once, and none that is there misspelt
            place = (*where, *_known_part(item["loc"][:-1], document, where))
            message, remedy = _missing_keys(keys), None
        elif item["type"] == "too_short" and any(item["loc"] == each[: len(item["loc"])] != each for each in places):
            continue  # it has none because of what is wrong with each of its items
        elif message in said and len(known) < len(item["loc"]):
            continue  # a value that was filled in from another one, which is told already
        elif item["type"] == "value_error":
            place = (*place, *_named_key(message, document, place))
        said.add(message)
        if (place, message) not in seen:
            seen.add((place, message))
            yield document.problem(place, message, remedy=remedy)


def _alternatives_once(found: list[ErrorDetails], document: Document, where: Path_) -> list[ErrorDetails]:
    """Return the errors with one for each value that may be of several kinds: an IPv4 or IPv6 address."""
    kept: dict[Path_, ErrorDetails] = {}
    for item in found:
        known = _known_part(item["loc"], document, where)
        union = bool(known) and known == item["loc"][: len(known)] and len(item["loc"]) == len(known) + 1
        key = (*known, "alternatives") if union and item["type"] not in ("missing", "extra_forbidden") else None
        first = kept.setdefault(key or (*item["loc"], item["type"]), item)
        if first is not item and {first["type"], item["type"]} == {"ip_v4_address", "ip_v6_address"}:
            first["type"] = "ip_any_address"
    return list(kept.values())


def _near(item: ErrorDetails, model: type[BaseModel]) -> str | None:
    """Return the key that an unknown one was meant to be."""
    return nearest(str(item["loc"][-1]), _keys_at(model, item["loc"][:-1]))


def _missing(found: list[ErrorDetails], model: type[BaseModel]) -> dict[Path_, list[str]]:
    """Return the missing keys of each object, without those that stand there misspelt and what is made of others."""
    misspelt = {(*item["loc"][:-1], _near(item, model)) for item in found if item["type"] == "extra_forbidden"}
    missing: dict[Path_, list[str]] = {}
    for item in found:
        if item["type"] == "missing" and item["loc"] not in misspelt:
            missing.setdefault(item["loc"][:-1], []).append(str(item["loc"][-1]))
    gone = {item["loc"] for item in found if item["type"] == "missing"}
    for place, keys in missing.items():
        made: dict[str, tuple[str, ...]] = getattr(_model_at(model, place), "made_of", {})
        keys[:] = [key for key in keys if not any((*place, other) in gone for other in made.get(key, ()))]
    return missing


def _missing_keys(keys: list[str]) -> str:
    *first, last = keys
    return f"the keys {', '.join(first)} and {last} are missing" if first else f"the key {last} is missing"


def _named_key(message: str, document: Document, place: Path_) -> Path_:
    """Return the key of an object that a sentence about the object begins with, empty when it begins with none."""
    word = re.match(r"[a-z_]*", message)
    return (word[0],) if word and (*place, word[0]) in document.positions else ()


def _as_written(model: type[BaseModel], loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return the short key that stands for a longer place, where a model accepts one."""
    short: dict[str, Path_] = getattr(model, "short_keys", {})
    return next(((key,) for key, place in short.items() if loc[: len(place)] == place), loc)


def _known_part(loc: tuple[str | int, ...], document: Document, where: Path_) -> Path_:
    """Drop the parts of a pydantic location that are names of union members, not places in the file."""
    place: Path_ = ()
    for part in loc:
        if (*where, *place, part) in document.positions:
            place = (*place, part)
    return place


def _model_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> type[BaseModel] | None:
    current: type[BaseModel] | None = model
    for part in loc:
        if isinstance(part, int) or current is None or part not in current.model_fields:
            continue
        current = next(_models_in(current.model_fields[part].annotation), None)
    return current


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)


def _keys_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    found = _model_at(model, loc)
    extra = getattr(found, "short_keys", ()) if found else ()
    return [*found.model_fields, *extra] if found else []


def _all_keys(model: type[BaseModel], loc: tuple[str | int, ...]) -> str | None:
    keys = _keys_at(model, loc)
    return f"the keys are {', '.join(keys)}" if keys else None
