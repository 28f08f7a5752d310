"""Guid, Version, Environment, Path, tuples, cultures, secrets, random numbers and clocks."""

from __future__ import annotations

import random
import time
import uuid
from dataclasses import dataclass
from functools import partial
from typing import Any

from psnet.lab.dotnet import addresses
from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.cultures import checked
from psnet.lab.dotnet.errors import argument_error, argument_range
from psnet.lab.dotnet.objects import Guid, Native, SemanticVersion, Version
from psnet.lab.dotnet.registry import constants, constructor, method, prop, static, static_prop
from psnet.lab.dotnet.tostring import net_text
from psnet.lab.dotnet.typenames import type_name_of
from psnet.lab.dotnet.types.converting import byte_array
from psnet.lab.values import AUTOMATION_NULL, Array, DotNetError, Int64, Reference, TimeSpan

_GUID, _VERSION, _SEMVER = "System.Guid", "System.Version", "System.Management.Automation.SemanticVersion"
prop(_GUID, "string Guid", net_text, extended="ScriptProperty")
constants(_GUID, "guid", Empty=Guid("00000000-0000-0000-0000-000000000000"))


@static(_GUID, "guid NewGuid()")
def _new_guid() -> Guid:
    return Guid(str(uuid.uuid4()))


@static(_GUID, "guid Parse(string input)")
def _parse_guid(text: str) -> Guid:
    found = addresses.parse_guid(text)
    if found is None:
        raise addresses.guid_error(text)
    return found


@static(_GUID, "bool TryParse(string input, [ref] guid result)")
def _try_guid(text: str, result: Reference) -> bool:
    found = addresses.parse_guid(text or "")
    result.value = found or Guid("00000000-0000-0000-0000-000000000000")
    return found is not None


@method(_GUID, "byte[] ToByteArray()")
def _guid_bytes(value: Guid) -> Array:
    return byte_array(addresses.guid_bytes(value))


constructor(_GUID, "(string g)")(_parse_guid)


@constructor(_GUID, "(byte[] b)")
def _guid_of(data: Array) -> Guid:
    return addresses.guid_from_bytes(bytes(data.items))


def _half(revision: int) -> int:
    """Return the low 16 bits as a signed number, which an absent revision's -1 stays."""
    return (revision & 0xFFFF) - ((revision & 0x8000) << 1)


prop(_VERSION, "int Major", lambda value: value.major)
prop(_VERSION, "int Minor", lambda value: value.minor)
prop(_VERSION, "int Build", lambda value: value.build)
prop(_VERSION, "int Revision", lambda value: value.revision)
prop(_VERSION, "int16 MajorRevision", lambda value: value.revision >> 16)
prop(_VERSION, "int16 MinorRevision", lambda value: _half(value.revision))
static(_VERSION, "version Parse(string input)")(addresses.parse_version)
constructor(_VERSION, "(string version)")(addresses.parse_version)


@static(_VERSION, "bool TryParse(string input, [ref] version result)")
def _try_version(text: str, result: Reference) -> bool:
    try:
        result.value = addresses.parse_version(text or "")
    except DotNetError:
        result.value = None
    return result.value is not None


@constructor(
    _VERSION,
    "()",
    "(int major, int minor)",
    "(int major, int minor, int build)",
    "(int major, int minor, int build, int revision)",
)
def _new_version(*parts: int) -> Version:
    for name, part in zip(("major", "minor", "build", "revision"), parts, strict=False):
        if part < 0:
            raise argument_range(name, "Version's parameters must be greater than or equal to zero.")
    return Version(*(parts or (0, 0)))


@method(_VERSION, "string ToString(int fieldCount)")
def _version_fields(value: Version, count: int) -> str:
    parts = addresses.version_text(value).split(".")
    if not 0 <= count <= len(parts):
        raise argument_error(f"Argument must be between 0 and {len(parts)}.", "fieldCount")
    return ".".join(parts[:count])


prop(_SEMVER, "int Major", lambda value: value.major)
prop(_SEMVER, "int Minor", lambda value: value.minor)
prop(_SEMVER, "int Patch", lambda value: value.patch)
prop(_SEMVER, "string PreReleaseLabel", lambda value: value.pre_release)
prop(_SEMVER, "string BuildLabel", lambda value: value.build)
static(_SEMVER, "System.Object Parse(string version)")(addresses.parse_semver)
constructor(_SEMVER, "(string version)")(addresses.parse_semver)


@constructor(_SEMVER, "(int major)", "(int major, int minor)", "(int major, int minor, int patch)")
def _new_semver(major: int, minor: int = 0, patch: int = 0) -> SemanticVersion:
    return SemanticVersion(major, minor, patch)


# -- Environment and Path -----------------------------------------------------------------------------------------

_ENV = "System.Environment"
constants(_ENV, "string", NewLine="\r\n")
static_prop(_ENV, "string MachineName", lambda: current().machine_name)
static_prop(_ENV, "string UserName", lambda: current().user_name)
static_prop(_ENV, "string UserDomainName", lambda: current().machine_name)
static_prop(_ENV, "bool Is64BitOperatingSystem", lambda: True)
static_prop(_ENV, "bool Is64BitProcess", lambda: True)
static_prop(_ENV, "bool UserInteractive", lambda: False)
static_prop(_ENV, "int ProcessorCount", lambda: 4)
static_prop(_ENV, "int ExitCode", lambda: 0)
static_prop(_ENV, "int TickCount", lambda: int(time.monotonic() * 1000) & 0x7FFFFFFF)
static_prop(_ENV, "string SystemDirectory", lambda: "C:\\Windows\\system32")
static_prop(_ENV, "string CurrentDirectory", lambda: "C:\\")
static_prop(_ENV, "version Version", lambda: Version(4, 0, 30319, 42000))


# -- tuples ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TupleValue:
    """System.Tuple."""

    items: tuple[Any, ...]

    @property
    def type_name(self) -> str:
        """The constructed type's name."""
        kinds = ",".join(type_name_of(item) or "System.Object" for item in self.items)
        return f"System.Tuple`{len(self.items)}[{kinds}]"

    @property
    def text_form(self) -> str:
        """What ``ToString()`` gives."""
        return f"({', '.join('' if item is None else net_text(item) for item in self.items)})"


@static(
    "System.Tuple",
    *(
        f"System.Object Create({', '.join(f'System.Object item{n + 1}' for n in range(count))})"
        for count in range(1, 5)
    ),
)
def _tuple(*items: Any) -> TupleValue:
    return TupleValue(items)


def _item(value: TupleValue, *, place: int) -> Any:
    return value.items[place]


for _count in range(1, 5):
    for _place in range(_count):
        prop(f"System.Tuple`{_count}", f"System.Object Item{_place + 1}", partial(_item, place=_place))
    prop(f"System.Tuple`{_count}", "int Length", lambda value: len(value.items))

# -- cultures, secrets ----------------------------------------------------------------------------------------------

_CULTURE = "System.Globalization.CultureInfo"


def culture(name: str) -> Native:
    """Return a culture."""
    name = checked(name)
    shown = {"": "Invariant Language (Invariant Country)", "en-US": "English (United States)"}.get(name, name)
    return Native(_CULTURE, {"name": name, "shown": shown, "text": name})


static_prop(_CULTURE, "cultureinfo InvariantCulture", lambda: culture(""))
for _name in ("CurrentCulture", "CurrentUICulture"):
    static_prop(_CULTURE, f"cultureinfo {_name}", lambda: culture(current().culture))
prop(_CULTURE, "string Name", lambda value: value.state["name"])
prop(_CULTURE, "string DisplayName", lambda value: value.state["shown"])
prop(_CULTURE, "string EnglishName", lambda value: value.state["shown"])
prop(_CULTURE, "int LCID", lambda value: {"": 127, "en-US": 1033, "de-DE": 1031}.get(value.state["name"], 4096))
prop(_CULTURE, "string TwoLetterISOLanguageName", lambda value: value.state["name"][:2] or "iv")
prop(
    _CULTURE,
    "System.Globalization.TextInfo TextInfo",
    lambda value: Native("System.Globalization.TextInfo", dict(value.state)),
)
static(_CULTURE, "cultureinfo GetCultureInfo(string name)")(culture)
constructor(_CULTURE, "(string name)")(culture)


@method("System.Globalization.TextInfo", "string ToTitleCase(string str)")
def _title(value: Native, text: str) -> str:
    import re  # noqa: PLC0415 - only here

    del value
    return re.sub(
        r"[^\W\d_][\w']*",
        lambda found: found[0] if found[0].isupper() and len(found[0]) > 1 else found[0].capitalize(),
        text,
    )


prop("System.Globalization.TextInfo", "string ListSeparator", lambda _: ",")

_SECRET, _CREDENTIAL = "System.Security.SecureString", "System.Management.Automation.PSCredential"
prop(_SECRET, "int Length", lambda value: len(value.secret))


# -- Random and Stopwatch ----------------------------------------------------------------------------------------------


@constructor("System.Random", "()", "(int Seed)")
def _new_random(seed: int | None = None) -> Native:
    return Native("System.Random", {"source": random.Random(seed)})


@method("System.Random", "int Next()", "int Next(int maxValue)", "int Next(int minValue, int maxValue)")
def _next(value: Native, *bounds: int) -> int:
    low, high = (bounds if len(bounds) == 2 else (0, bounds[0])) if bounds else (0, 2**31 - 1)
    if low > high:
        raise argument_range(
            "minValue" if len(bounds) == 2 else "maxValue", "'minValue' cannot be greater than maxValue."
        )
    return low if low == high else value.state["source"].randrange(low, high)


@method("System.Random", "double NextDouble()")
def _next_double(value: Native) -> float:
    return value.state["source"].random()  # type: ignore[no-any-return]


_WATCH = "System.Diagnostics.Stopwatch"


@static(_WATCH, "System.Object StartNew()")
def _start_new() -> Native:
    return Native(_WATCH, {"start": time.perf_counter(), "passed": 0.0})


constructor(_WATCH, "()")(lambda: Native(_WATCH, {"start": None, "passed": 0.0}))


def _passed(value: Native) -> float:
    start = value.state["start"]
    return float(value.state["passed"] + (time.perf_counter() - start if start is not None else 0))


def _switch(value: Native, *, on: bool) -> Any:
    value.state["passed"] = _passed(value)
    value.state["start"] = time.perf_counter() if on else None
    return AUTOMATION_NULL


method(_WATCH, "void Start()")(lambda value: _switch(value, on=True))
method(_WATCH, "void Stop()")(lambda value: _switch(value, on=False))


@method(_WATCH, "void Reset()")
def _reset(value: Native) -> Any:
    value.state.update(start=None, passed=0.0)
    return AUTOMATION_NULL


@method(_WATCH, "void Restart()")
def _restart(value: Native) -> Any:
    value.state.update(start=time.perf_counter(), passed=0.0)
    return AUTOMATION_NULL


prop(_WATCH, "bool IsRunning", lambda value: value.state["start"] is not None)
prop(_WATCH, "timespan Elapsed", lambda value: TimeSpan(round(_passed(value) * 10_000_000)))
prop(_WATCH, "long ElapsedMilliseconds", lambda value: Int64(int(_passed(value) * 1000)))
prop(_WATCH, "long ElapsedTicks", lambda value: Int64(int(_passed(value) * 10_000_000)))


@static("System.GC", "void Collect()")
def _collect() -> Any:
    return AUTOMATION_NULL


static_prop("System.Threading.Thread", "System.Object CurrentThread", lambda: Native("System.Threading.Thread"))
prop("System.Threading.Thread", "int ManagedThreadId", lambda _: 1)
prop("System.Threading.Thread", "cultureinfo CurrentCulture", lambda _: culture("en-US"), lambda *_: None)
prop("System.Threading.Thread", "cultureinfo CurrentUICulture", lambda _: culture("en-US"), lambda *_: None)
