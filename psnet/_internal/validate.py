"""From pydantic's errors to problems that name a file, a line, a key and a remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from psnet._internal.messages import kind_of, told
from psnet._internal.yaml import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet._internal.yaml import Document, Path_
    from psnet.errors import Problem

M = TypeVar("M", bound=BaseModel)


def validate(model: type[M], data: Any, document: Document, where: Path_, problems: list[Problem]) -> M | None:
    """Return the model, or None after adding every problem found."""
    if not isinstance(data, dict):
        problems.append(document.problem(where, f"expected keys and values, not {kind_of(data)}"))
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems.extend(_problems(error, model, document, where))
        return None


def _problems(error: ValidationError, model: type[BaseModel], document: Document, where: Path_) -> Iterator[Problem]:
    seen: set[tuple[Path_, str]] = set()
    said: set[str] = set()
    found = error.errors(include_url=False)
    places = [item["loc"] for item in found]
    for item in sorted(found, key=lambda each: len(_known_part(each["loc"], document, where)) < len(each["loc"])):
        known = _known_part(_as_written(model, item["loc"]), document, where)
        place = (*where, *known)
        message, remedy = told(item)
        if item["type"] == "extra_forbidden":
            word = str(item["loc"][-1])
            near = nearest(word, _keys_at(model, item["loc"][:-1]))
            message, remedy = (
                "unknown key",
                f"did you mean {near}?" if near else _all_keys(model, item["loc"][:-1]),
            )
        elif item["type"] == "missing":
            place = (*where, *_known_part(item["loc"][:-1], document, where))
            message, remedy = f"the key {item['loc'][-1]} is missing", None
        elif item["type"] == "too_short" and any(item["loc"] == each[: len(item["loc"])] != each for each in places):
            continue  # it has none because of what is wrong with each of its items
        elif message in said and len(known) < len(item["loc"]):
            continue  # a value that was filled in from another one, which is told already
        said.add(message)
        if (place, message) not in seen:
            seen.add((place, message))
            yield document.problem(place, message, remedy=remedy)


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
