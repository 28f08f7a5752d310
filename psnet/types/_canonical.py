"""The common way in which a canonical type meets pydantic."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic_core import core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue


@lru_cache(maxsize=8192)
def _remembered(kind: type[Canonical], text: str) -> Canonical:
    return kind.parse(text)


def _parsed(kind: type[Canonical], value: object) -> Canonical:
    """Return what a spelling means; the hosts of a fleet say the same texts again and again."""
    if type(value) is str:
        return _remembered(kind, value)  # type: ignore[arg-type]  # a class is hashable
    return kind.parse(value)


class Canonical:
    """A value with ``parse`` (any accepted spelling) and ``str()`` (the one canonical spelling).

    In a model it accepts every spelling, and serialises to its ``plain()`` form.
    """

    __slots__ = ()
    json_schema: ClassVar[dict[str, Any]] = {"type": "string"}

    @classmethod
    def parse(cls, value: object) -> Self:
        """Return the value that a spelling means; raise ValueError saying what is accepted."""
        raise ValueError(f"not a {cls.__name__}: {value!r}")

    def plain(self) -> Any:
        """Return the JSON form."""
        return str(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Accept any spelling; serialise to the plain form."""
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else _parsed(cls, value),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value.plain()),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return what an editor should offer."""
        return dict(cls.json_schema)
