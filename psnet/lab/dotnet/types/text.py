"""StringBuilder, encodings, BitConverter, hashes and StringComparer."""

from __future__ import annotations

import hashlib
import secrets
import struct
from typing import Any

from psnet.lab.dotnet.composite import format_composite
from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.errors import UnsupportedError, argument_error, argument_range, thrown
from psnet.lab.dotnet.objects import Native, StringBuilder
from psnet.lab.dotnet.registry import constructor, method, prop, static, static_prop
from psnet.lab.dotnet.strings import char_at, joined, length, units
from psnet.lab.dotnet.tostring import net_text
from psnet.lab.dotnet.types.converting import byte_array
from psnet.lab.values import AUTOMATION_NULL, Array, Byte, Char, Int16, Int64, UInt16, UInt32, UInt64

_BUILDER = "System.Text.StringBuilder"


def _set_length(value: StringBuilder, count: int) -> None:
    value.text = value.text[:count].ljust(count, "\0")


prop(_BUILDER, "int Capacity", lambda value: max(16, length(value.text)))
prop(_BUILDER, "int MaxCapacity", lambda _: 2**31 - 1)
prop(_BUILDER, "int Length", lambda value: length(value.text), _set_length)


@method(
    _BUILDER, "System.Text.StringBuilder Append(System.Object value)", "System.Text.StringBuilder Append(string value)"
)
def _append(value: StringBuilder, item: Any) -> StringBuilder:
    value.text += "" if item is None else net_text(item)
    return value


@method(_BUILDER, "char get_Chars(int index)", "char get_Item(int index)")
def _char_at(value: StringBuilder, index: int) -> str:
    if not 0 <= index < length(value.text):
        raise thrown("IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return char_at(value.text, index)


@method(_BUILDER, "void set_Chars(int index, char value)", "void set_Item(int index, char value)")
def _set_char(value: StringBuilder, index: int, char: str) -> Any:
    if not 0 <= index < length(value.text):
        raise argument_range(
            "index", "Index was out of range. Must be non-negative and less than the size of the collection."
        )
    value.text = value.text[:index] + char + value.text[index + 1 :]
    return AUTOMATION_NULL


@method(_BUILDER, "System.Text.StringBuilder Append(char value, int repeatCount)")
def _append_times(value: StringBuilder, char: str, count: int) -> StringBuilder:
    value.text += char * count
    return value


@method(_BUILDER, "System.Text.StringBuilder Append(string value, int startIndex, int count)")
def _append_part(value: StringBuilder, text: str, start: int, count: int) -> StringBuilder:
    value.text += text[start : start + count]
    return value


@method(_BUILDER, "System.Text.StringBuilder Append(char[] value)")
def _append_chars(value: StringBuilder, chars: Array) -> StringBuilder:
    value.text += "".join(chars)
    return value


@method(_BUILDER, "System.Text.StringBuilder AppendLine()", "System.Text.StringBuilder AppendLine(string value)")
def _append_line(value: StringBuilder, text: str = "") -> StringBuilder:
    value.text += f"{text}\r\n"
    return value


@method(_BUILDER, "System.Text.StringBuilder AppendFormat(string format, Params System.Object[] args)")
def _append_format(value: StringBuilder, template: str, arguments: Array) -> StringBuilder:
    value.text += format_composite(template, list(arguments))
    return value


@method(_BUILDER, "System.Text.StringBuilder AppendJoin(string separator, Params System.Object[] values)")
def _append_join(value: StringBuilder, mark: str, items: Array) -> StringBuilder:
    value.text += mark.join("" if item is None else net_text(item) for item in items)
    return value


@method(_BUILDER, "System.Text.StringBuilder Insert(int index, System.Object value)")
def _insert(value: StringBuilder, index: int, item: Any) -> StringBuilder:
    if not 0 <= index <= len(value.text):
        raise argument_range(
            "index", "Index was out of range. Must be non-negative and less than the size of the collection."
        )
    value.text = value.text[:index] + net_text(item) + value.text[index:]
    return value


@method(_BUILDER, "System.Text.StringBuilder Remove(int startIndex, int length)")
def _remove(value: StringBuilder, start: int, count: int) -> StringBuilder:
    if start < 0 or count < 0 or start + count > len(value.text):
        raise argument_range(
            "length", "Index was out of range. Must be non-negative and less than the size of the collection."
        )
    value.text = value.text[:start] + value.text[start + count :]
    return value


@method(_BUILDER, "System.Text.StringBuilder Replace(string oldValue, string newValue)")
def _replace(value: StringBuilder, old: str, new: str) -> StringBuilder:
    if not old:
        raise argument_error(
            "Empty name is not legal." if not modern() else "The value cannot be an empty string.", "oldValue"
        )
    value.text = value.text.replace(old, new or "")
    return value


@method(_BUILDER, "System.Text.StringBuilder Clear()")
def _clear(value: StringBuilder) -> StringBuilder:
    value.text = ""
    return value


@method(_BUILDER, "string ToString(int startIndex, int length)")
def _part(value: StringBuilder, start: int, count: int) -> str:
    return value.text[start : start + count]


@method(_BUILDER, "char get_Chars(int index)", "char Chars(int index)")
def _char(value: StringBuilder, index: int) -> Char:
    found = units(value.text)
    if not 0 <= index < len(found):
        raise thrown("IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return Char(found[index])


@constructor(_BUILDER, "()", "(int capacity)", "(string value)", "(string value, int capacity)")
def _new_builder(source: Any = "", capacity: int = 0) -> StringBuilder:
    del capacity
    return StringBuilder(source if isinstance(source, str) else "")


# -- encodings -------------------------------------------------------------------------------------------------

_ENCODING = "System.Text.Encoding"
#: name -> (type, Python codec, web name, code page, byte-order mark, English name)
_KNOWN = {
    "UTF8": ("UTF8Encoding", "utf-8", "utf-8", 65001, b"\xef\xbb\xbf", "Unicode (UTF-8)"),
    "Unicode": ("UnicodeEncoding", "utf-16-le", "utf-16", 1200, b"\xff\xfe", "Unicode"),
    "BigEndianUnicode": ("UnicodeEncoding", "utf-16-be", "utf-16BE", 1201, b"\xfe\xff", "Unicode (Big-Endian)"),
    "UTF32": ("UTF32Encoding", "utf-32-le", "utf-32", 12000, b"\xff\xfe\x00\x00", "Unicode (UTF-32)"),
    "ASCII": ("ASCIIEncoding", "ascii", "us-ascii", 20127, b"", "US-ASCII"),
    "Latin1": ("Latin1Encoding", "latin-1", "iso-8859-1", 28591, b"", "Western European (ISO)"),
}


def encoding(name: str, *, mark: bool = True) -> Native:
    """Return an encoding by its property's name."""
    kind, codec, web, page, preamble, shown = _KNOWN[name]
    known = f"System.Text.{kind}" if kind != "Latin1Encoding" else _ENCODING
    return Native(
        known,
        {"codec": codec, "web": web, "page": page, "mark": preamble if mark else b"", "shown": shown, "text": known},
    )


for _name in _KNOWN:
    static_prop(_ENCODING, f"System.Text.Encoding {_name}", lambda name=_name: encoding(name))  # type: ignore[misc]
static_prop(
    _ENCODING, "System.Text.Encoding Default", lambda: encoding("UTF8", mark=False) if modern() else encoding("Latin1")
)
prop(_ENCODING, "string WebName", lambda value: value.state["web"])
prop(_ENCODING, "string BodyName", lambda value: value.state["web"])
prop(_ENCODING, "string HeaderName", lambda value: value.state["web"])
prop(_ENCODING, "string EncodingName", lambda value: value.state["shown"])
prop(_ENCODING, "int CodePage", lambda value: value.state["page"])


def encode(codec: str, text: str) -> bytes:
    """Return a text's bytes; what the encoding lacks becomes a question mark or U+FFFD."""
    whole = joined(text)
    if codec in {"ascii", "latin-1"}:
        return "".join(char if char <= "\uffff" else "??" for char in whole).encode(codec, "replace")
    cleaned = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in whole)
    return cleaned.encode(codec)


@method(_ENCODING, "byte[] GetBytes(string s)")
def _get_bytes(value: Native, text: str) -> Array:
    return byte_array(encode(value.state["codec"], text))


@method(_ENCODING, "byte[] GetBytes(char[] chars)")
def _get_char_bytes(value: Native, chars: Array) -> Array:
    return byte_array(encode(value.state["codec"], "".join(chars)))


@method(_ENCODING, "int GetByteCount(string s)")
def _byte_count(value: Native, text: str) -> int:
    return len(encode(value.state["codec"], text))


def _decode(value: Native, data: bytes) -> str:
    if value.state["codec"] == "ascii":
        return "".join(chr(each) if each < 128 else "?" for each in data)
    return data.decode(value.state["codec"], "replace")


@method(_ENCODING, "string GetString(byte[] bytes)", "string GetString(byte[] bytes, int index, int count)")
def _get_string(value: Native, data: Array, start: int = 0, count: int | None = None) -> str:
    return _decode(value, bytes(data.items[start : None if count is None else start + count]))


@method(_ENCODING, "char[] GetChars(byte[] bytes)")
def _get_chars(value: Native, data: Array) -> Array:
    return Array([Char(unit) for unit in units(_decode(value, bytes(data.items)))], "System.Char")


@method(_ENCODING, "int GetCharCount(byte[] bytes)")
def _char_count(value: Native, data: Array) -> int:
    return length(_decode(value, bytes(data.items)))


@method(_ENCODING, "byte[] GetPreamble()")
def _preamble(value: Native) -> Array:
    return byte_array(value.state["mark"])


@static(_ENCODING, "System.Text.Encoding GetEncoding(string name)", "System.Text.Encoding GetEncoding(int codepage)")
def _get_encoding(name: Any) -> Native:
    for known, row in _KNOWN.items():
        if row[3] == name or (isinstance(name, str) and name.lower() in {row[2].lower(), row[1]}):
            return encoding(known)
    raise UnsupportedError(f"the encoding {name}")


@constructor(
    "System.Text.UTF8Encoding",
    "()",
    "(bool encoderShouldEmitUTF8Identifier)",
    "(bool encoderShouldEmitUTF8Identifier, bool throwOnInvalidBytes)",
)
def _new_utf8(mark: bool = False, strict: bool = False) -> Native:
    del strict
    return encoding("UTF8", mark=mark)


@constructor("System.Text.UnicodeEncoding", "()", "(bool bigEndian, bool byteOrderMark)")
def _new_unicode(big: bool = False, mark: bool = True) -> Native:
    return encoding("BigEndianUnicode" if big else "Unicode", mark=mark)


@constructor("System.Text.ASCIIEncoding", "()")
def _new_ascii() -> Native:
    return encoding("ASCII")


# -- BitConverter ------------------------------------------------------------------------------------------------

_BITS = "System.BitConverter"
static_prop(_BITS, "bool IsLittleEndian", lambda: True)


@static(
    _BITS,
    "string ToString(byte[] value)",
    "string ToString(byte[] value, int startIndex)",
    "string ToString(byte[] value, int startIndex, int length)",
)
def _bits_text(data: Array, start: int = 0, count: int | None = None) -> str:
    part = data.items[start : None if count is None else start + count]
    return "-".join(f"{each:02X}" for each in part)


_PACKED = {
    "bool": "?",
    "int16": "<h",
    "uint16": "<H",
    "int": "<i",
    "uint32": "<I",
    "long": "<q",
    "uint64": "<Q",
    "float": "<f",
    "double": "<d",
}


def _packed(data: Array, start: int, code: str) -> bytes:
    size = struct.calcsize(code)
    if not 0 <= start < len(data.items):
        text = "Index was out of range. Must be non-negative and less than the size of the collection."
        raise argument_range("startIndex", text)
    if start + size > len(data.items):
        text = "Destination array is not long enough to copy all the items in the collection. Check array index and length."
        raise argument_error(text, "value" if modern() else None)
    return bytes(data.items[start : start + size])


for _kind, _code in _PACKED.items():
    static(_BITS, f"byte[] GetBytes({_kind} value)")(lambda value, code=_code: byte_array(struct.pack(code, value)))
for _name, (_code, _type) in {
    "ToInt16": ("<h", Int16),
    "ToUInt16": ("<H", UInt16),
    "ToInt32": ("<i", int),
    "ToUInt32": ("<I", UInt32),
    "ToInt64": ("<q", Int64),
    "ToUInt64": ("<Q", UInt64),
    "ToDouble": ("<d", float),
}.items():
    static(_BITS, f"System.Object {_name}(byte[] value, int startIndex)")(
        lambda data, start, code=_code, kind=_type: kind(struct.unpack(code, _packed(data, start, code))[0])
    )


# -- hashes and random numbers ------------------------------------------------------------------------------------

_CRYPTO = "System.Security.Cryptography"
_HASH = f"{_CRYPTO}.HashAlgorithm"
for _name in ("SHA1", "SHA256", "SHA384", "SHA512", "MD5"):
    _owner = f"{_CRYPTO}.{_name}"
    static(_owner, "System.Object Create()")(lambda owner=_owner, name=_name: Native(owner, {"name": name.lower()}))
    static(_owner, "byte[] HashData(byte[] source)")(
        lambda data, name=_name: byte_array(hashlib.new(name.lower(), bytes(data.items)).digest())
    )
prop(_HASH, "int HashSize", lambda value: hashlib.new(value.state["name"]).digest_size * 8)
prop(_HASH, "byte[] Hash", lambda value: value.state.get("hash"))


@static(_HASH, "System.Object Create(string hashName)")
def _create_hash(name: str) -> Native | None:
    key = name.upper().replace("-", "").rpartition(".")[2]
    return (
        Native(f"{_CRYPTO}.{key}", {"name": key.lower()})
        if key in {"SHA1", "SHA256", "SHA384", "SHA512", "MD5"}
        else None
    )


@method(_HASH, "byte[] ComputeHash(byte[] buffer)")
def _compute(value: Native, data: Array) -> Array:
    value.state["hash"] = byte_array(hashlib.new(value.state["name"], bytes(data.items)).digest())
    return value.state["hash"]  # type: ignore[no-any-return]


@method(_HASH, "void Dispose()", "void Clear()")
def _dispose(value: Native) -> Any:
    del value
    return AUTOMATION_NULL


@static(f"{_CRYPTO}.RandomNumberGenerator", "System.Object Create()")
def _generator() -> Native:
    return Native(f"{_CRYPTO}.RandomNumberGenerator")


@method(f"{_CRYPTO}.RandomNumberGenerator", "void GetBytes(byte[] data)")
def _random_bytes(value: Native, data: Array) -> Any:
    del value
    data.items[:] = [Byte(each) for each in secrets.token_bytes(len(data))]
    return AUTOMATION_NULL


method(f"{_CRYPTO}.RandomNumberGenerator", "void Dispose()")(_dispose)

# -- StringComparer ------------------------------------------------------------------------------------------------

_COMPARER = "System.StringComparer"
for _name, _place in {
    "CurrentCulture": 0,
    "CurrentCultureIgnoreCase": 1,
    "InvariantCulture": 2,
    "InvariantCultureIgnoreCase": 3,
    "Ordinal": 4,
    "OrdinalIgnoreCase": 5,
}.items():
    static_prop(
        _COMPARER,
        f"System.StringComparer {_name}",
        lambda place=_place: Native(_COMPARER, {"ignore_case": bool(place % 2), "comparison": place}),  # type: ignore[misc]
    )


@method(_COMPARER, "bool Equals(string x, string y)")
def _comparer_equals(value: Native, one: str, other: str) -> bool:
    return _comparer_compare(value, one, other) == 0


@method(_COMPARER, "int Compare(string x, string y)")
def _comparer_compare(value: Native, one: str, other: str) -> int:
    from psnet.lab.dotnet.strings import compare_by  # noqa: PLC0415 - only here

    return compare_by(one, other, value.state["comparison"])
