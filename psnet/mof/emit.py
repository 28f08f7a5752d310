"""Values -> MOF values, as the engine's emitter turns them, and what its validator would refuse after."""

from __future__ import annotations

import math
import re
import struct
from typing import TYPE_CHECKING, Any

from psnet.mof.convert import (
    INT64,
    UINT64,
    real_text,
    to_boolean,
    to_date,
    to_double,
    to_integer,
    to_text,
)
from psnet.mof.errors import CastError
from psnet.mof.keyword import INTEGER_BOUNDS
from psnet.mof.metaconfiguration import SETTINGS
from psnet.mof.model import Instance, Value
from psnet.mof.schema import base_keywords
from psnet.mof.scriptblock import complete_script
from psnet.mof.values import Credential, Hashtable, Reference, ScriptBlock

if TYPE_CHECKING:
    from psnet._internal.yaml import Path_
    from psnet.mof.evaluate import Context
    from psnet.mof.keyword import Keyword, KeywordProperty
    from psnet.mof.node import NodeState

INVALID = "InvalidMOFDefinition"
_LINE_END = re.compile(r"\r?\n")
_SCRIPT_LINE_END = re.compile(r"\r*\n")
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_FLOAT_MAX = struct.unpack("<f", b"\xff\xff\x7f\x7f")[0]
_NULL = Value("null")
_TRUE, _FALSE = Value("boolean", value=True), Value("boolean", value=False)


class _Invalid(Exception):  # noqa: N818 - caught where it is raised; becomes a Refusal
    """The validator would not take the text."""


class Emitter:
    """Writes the instances of one node, embedded ones before what refers to them."""

    def __init__(self, node: NodeState, context: Context) -> None:
        self.node = node
        self.context = context
        base = base_keywords()
        self.credential, self.pair = base["msft_credential"], base["msft_keyvaluepair"]

    def instance(self, keyword: Keyword, canonical: dict[str, Any], where: Path_) -> Instance:
        """Write an instance; a value that cannot be converted is noted and ends it, as in the engine."""
        alias = self.node.alias(keyword)
        written: dict[str, Value] = {}
        is_whole = True
        properties = keyword.properties
        for name, value in canonical.items():
            prop = properties.get(name.lower())
            try:
                if prop is None:
                    written[name] = self._string(value)
                    continue
                if prop.as_array and (value is None or _is_empty(value)):
                    continue
                if keyword is self.credential and name == "Password" and isinstance(value, str):
                    # As an instance a password escapes the engine's check for plain text; not here.
                    self.node.secrets.admit(None)
                    value = self.node.secrets.protect(value)  # noqa: PLW2901 - encrypted from here on
                written[name] = self._property(prop, value, (*where, "properties", name))
            except CastError as error:
                message, place = f"{name} of {keyword.name}: {error.message}", (*where, "properties", name)
                self.context.report.refuse(error.error_id, message, place, node=self.node.label, remedy=error.remedy)
                is_whole = False
                break
            except _Invalid as error:
                self._note(f"{name} of {keyword.name}: {error}", (*where, "properties", name))
                is_whole = False
        is_settings = keyword.class_name == SETTINGS
        if is_whole and not written and not is_settings:  # settings may still get managers
            self._note(f"{keyword.name} has no properties, which MOF cannot write", where)
        instance = Instance("MSFT_DSCMetaConfiguration" if is_settings else keyword.class_name, alias, written)
        (self.node.settings if is_settings else self.node.instances).append(instance)
        if "PsDscRunAsCredential" in written:
            self.node.uses_run_as = True
        return instance

    def _note(self, message: str, where: Path_) -> None:
        refusal = self.context.report.refuse(INVALID, message, where, node=self.node.label, noted=False)
        self.node.invalid.append(refusal)

    def _property(self, prop: KeywordProperty, value: Any, where: Path_) -> Value:
        if isinstance(value, list):
            return self._list(prop, value, where)
        if isinstance(value, Hashtable) and prop.is_array:
            # The engine forgets the braces here, so that it refuses its own text; 5.1 writes them.
            return Value("array", tuple(self._pairs(prop, value, where)))
        if prop.as_array:
            return Value("array", tuple(self._items(prop, value, where)))
        if prop.is_array and value is not None:
            if isinstance(value, Credential):
                self.node.secrets.admit(value.username)
            raise _Invalid("one instance is given for a list; write a list of one")
        if isinstance(value, Hashtable):
            pairs = self._pairs(prop, value, where)
            if len(pairs) != 1:
                raise _Invalid("a single MSFT_KeyValuePair takes a hashtable with one entry")
            return pairs[0]
        return self._scalar(prop, value, where)

    def _list(self, prop: KeywordProperty, given: list[Any], where: Path_) -> Value:
        found: list[list[Value]] = []
        wrong = None if prop.is_array else _Invalid("a list is given for a single value")
        for item in given:
            try:  # the engine converts all before it validates any, so what it cannot convert is told first
                found.append(self._items(prop, item, where))
            except _Invalid as error:
                wrong = wrong or error
        if wrong is None and len(found) > 1 and not all(found):
            wrong = _Invalid("an empty hashtable stands in a list")
        if wrong is not None:
            raise wrong
        return Value("array", tuple(item for items in found for item in items))

    def _items(self, prop: KeywordProperty, item: Any, where: Path_) -> list[Value]:
        if isinstance(item, Hashtable):
            return self._pairs(prop, item, where)
        if isinstance(item, list):
            raise _Invalid("a list stands in a list")
        value = self._scalar(prop, item, where)
        if value.kind == "null":
            raise _Invalid("null stands in a list")
        return [value]

    def _pairs(self, prop: KeywordProperty, table: Hashtable, where: Path_) -> list[Value]:
        found = []
        for key, value in table.entries.items():
            written = self.instance(self.pair, {"Key": key, "Value": value}, where)
            found.append(self._reference(prop, written.alias or "", self.pair))
        return found

    def _scalar(self, prop: KeywordProperty, value: Any, where: Path_) -> Value:
        kind = prop.type
        if isinstance(value, Credential):
            return self._credential(prop, value, where)
        if isinstance(value, ScriptBlock):
            text, missing = complete_script(value.text, self.context.variables)
            for name in missing:
                self.context.report.warn(f"${{using:{name}}} has no value among the variables; it is left empty")
            if kind != "string":
                raise _Invalid(f"a script block is given for {prop.type_name}")
            return Value("string", _writable(_SCRIPT_LINE_END.sub("\n", text)))
        if kind == "string":
            if isinstance(value, Reference):
                raise _Invalid("an instance is given for a string")
            return _NULL if value is None else self._string(value)
        if kind == "instance":
            if isinstance(value, Reference):
                return self._reference(prop, value.alias, value.keyword)
            if value is None:
                return _NULL
            raise _Invalid(f"a {type(value).__name__} is given for an instance of {prop.embedded_class}")
        return self._typed(prop, value.alias if isinstance(value, Reference) else value)

    def _typed(self, prop: KeywordProperty, value: Any) -> Value:
        kind = prop.type
        if kind == "boolean":
            return _TRUE if to_boolean(value) else _FALSE
        if kind in INTEGER_BOUNDS:
            number = to_integer(value, UINT64 if kind[0] == "u" else INT64)
            low, high = INTEGER_BOUNDS[kind]
            if not low <= number <= high:
                raise _Invalid(f"{number} is no {kind}; it goes from {low} to {high}")
            return Value("integer", number)
        if kind in {"real32", "real64"}:
            real = to_double(value)
            if not math.isfinite(real) or (kind == "real32" and abs(real) > _FLOAT_MAX):
                raise _Invalid(f"{to_text(real)} is no {kind}")
            return Value("real", real_text(real))
        if kind == "datetime":
            return Value("string", to_date(value, self.context.zone).dmtf())
        text = to_text(value)  # char16: the engine puts quotes around whatever it is
        if len(text) != 1 or ord(text) > 0xFFFF or text in "'\\\r\n" or _UNWRITABLE.search(text):  # noqa: PLR2004
            raise _Invalid(f"{text!r} is not one character that stands between single quotes")
        return Value("char16", text)

    def _credential(self, prop: KeywordProperty, value: Credential, where: Path_) -> Value:
        secrets = self.node.secrets
        secrets.admit(value.username)
        canonical = {"UserName": value.username, "Password": value.password}
        written = self.instance(self.credential, canonical, where)
        return self._reference(prop, written.alias or "", self.credential)

    def _reference(self, prop: KeywordProperty, alias: str, keyword: Keyword) -> Value:
        wanted = prop.embedded_class
        if prop.type != "instance" or wanted is None:
            raise _Invalid(f"an instance of {keyword.class_name} is given for {prop.type_name}")
        if wanted and wanted.lower() not in keyword.ancestors:
            raise _Invalid(f"an instance of {keyword.class_name} is given for one of {wanted}")
        return Value("reference", alias)

    @staticmethod
    def _string(value: Any) -> Value:
        return Value("string", _writable(_LINE_END.sub("\n", to_text(value))))


def _writable(text: str) -> str:
    if _UNWRITABLE.search(text):
        raise _Invalid("a NUL or half a surrogate pair stands in a text")
    return text


def _is_empty(value: Any) -> bool:
    if isinstance(value, Hashtable):
        return not value.entries
    return isinstance(value, list) and not value
