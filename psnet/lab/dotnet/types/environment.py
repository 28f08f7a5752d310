"""System.Environment and System.IO.Path."""

from __future__ import annotations

import ntpath
import random
from typing import Any

from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.errors import UnsupportedError, argument_null
from psnet.lab.dotnet.objects import Native, Version
from psnet.lab.dotnet.registry import constants, method, prop, static, static_prop
from psnet.lab.dotnet.types.misc import _ENV
from psnet.lab.values import AUTOMATION_NULL, Array, Char, EnumValue, Hashtable


@static(
    _ENV,
    "string GetEnvironmentVariable(string variable)",
    "string GetEnvironmentVariable(string variable, System.EnvironmentVariableTarget target)",
)
def _variable(name: str, target: Any = None) -> str | None:
    del target
    table = current().environment
    return next((value for known, value in table.items() if known.lower() == name.lower()), None)


@static(
    _ENV,
    "void SetEnvironmentVariable(string variable, string value)",
    "void SetEnvironmentVariable(string variable, string value, System.EnvironmentVariableTarget target)",
)
def _set_variable(name: str, value: str, target: Any = None) -> Any:
    del target
    table: Any = current().environment
    if not hasattr(table, "__setitem__"):
        raise UnsupportedError("setting an environment variable here")
    known = next((key for key in table if key.lower() == name.lower()), name)
    if value:
        table[known] = value
    else:
        table.pop(known, None)
    return AUTOMATION_NULL


@static(_ENV, "System.Collections.IDictionary GetEnvironmentVariables()")
def _variables() -> Hashtable:
    return Hashtable(current().environment.items())


@static(_ENV, "string ExpandEnvironmentVariables(string name)")
def _expand(text: str) -> str:
    import re  # noqa: PLC0415 - only here

    return re.sub(r"%([^%]+)%", lambda found: _variable(found[1]) or found[0], text)


@static(_ENV, "string GetFolderPath(System.Environment+SpecialFolder folder)")
def _folder(folder: EnumValue) -> str:
    known = {
        "Windows": "C:\\Windows",
        "System": "C:\\Windows\\system32",
        "ProgramFiles": "C:\\Program Files",
        "ProgramFilesX86": "C:\\Program Files (x86)",
        "CommonApplicationData": "C:\\ProgramData",
        "UserProfile": f"C:\\Users\\{current().user_name}",
        "Desktop": f"C:\\Users\\{current().user_name}\\Desktop",
        "MyDocuments": f"C:\\Users\\{current().user_name}\\Documents",
        "ApplicationData": f"C:\\Users\\{current().user_name}\\AppData\\Roaming",
        "LocalApplicationData": f"C:\\Users\\{current().user_name}\\AppData\\Local",
    }
    if folder.name not in known:
        raise UnsupportedError(f"the special folder {folder.name}")
    return known[folder.name]


_PATH = "System.IO.Path"
constants(_PATH, "char", DirectorySeparatorChar=Char("\\"), AltDirectorySeparatorChar=Char("/"))
constants(_PATH, "char", PathSeparator=Char(";"), VolumeSeparatorChar=Char(":"))


def _path_function(name: str, function: Any) -> None:
    static(_PATH, f"string {name}(string path)")(function)


def _file_name(path: str) -> str:
    return path.replace("/", "\\").rpartition("\\")[2].rpartition(":")[2]


def _extension(path: str) -> str:
    name = _file_name(path)
    dot = name.rfind(".")
    return "" if dot < 0 or dot == len(name) - 1 else name[dot:]


def _without_extension(path: str) -> str:
    name = _file_name(path)
    dot = name.rfind(".")
    return name if dot < 0 else name[:dot]


def _directory(path: str) -> str | None:
    normal = path.replace("/", "\\")
    root = ntpath.splitdrive(normal)[0]
    if normal in {root, f"{root}\\"}:
        return None
    head = normal.rpartition("\\")[0]
    return f"{head}\\" if head == root and root else head


_path_function("GetFileName", _file_name)
_path_function("GetExtension", _extension)
_path_function("GetFileNameWithoutExtension", _without_extension)
_path_function("GetDirectoryName", _directory)
_path_function(
    "GetPathRoot",
    lambda path: (lambda drive: f"{drive}\\" if path[len(drive) : len(drive) + 1] in {"\\", "/"} else drive)(
        ntpath.splitdrive(path)[0]
    ),
)
_path_function(
    "GetFullPath", lambda path: ntpath.normpath(path if ntpath.splitdrive(path)[0] else ntpath.join("C:\\", path))
)
static(_PATH, "bool HasExtension(string path)")(lambda path: bool(_extension(path)))
static(_PATH, "bool IsPathRooted(string path)")(lambda path: path[:1] in {"\\", "/"} or path[1:2] == ":")
static(_PATH, "string GetTempPath()")(lambda: f"C:\\Users\\{current().user_name}\\AppData\\Local\\Temp\\")
static(_PATH, "string GetRandomFileName()")(lambda: f"{random.randrange(36**8):08x}"[:8] + ".tmp")
static(_PATH, "char[] GetInvalidFileNameChars()")(
    lambda: Array([*map(_char, range(1, 32)), *map(_char, b'"<>|:*?\\/'), _char(0)], "System.Char")
)
static(_PATH, "char[] GetInvalidPathChars()")(
    lambda: Array([*map(_char, b'"<>|'), _char(0), *map(_char, range(1, 32))], "System.Char")
)


def _char(code: int) -> Char:
    return Char(chr(code))


@static(_PATH, "string ChangeExtension(string path, string extension)")
def _change_extension(path: str, extension: str | None) -> str:
    end = _extension(path)
    bare = path[: len(path) - len(end)] if end else path.rstrip(".") if path.endswith(".") else path
    if extension is None:
        return bare
    return f"{bare}{'' if extension.startswith('.') else '.'}{extension}"


@static(
    _PATH,
    "string Combine(string path1, string path2)",
    "string Combine(Params string[] paths)",
    "string Combine(string path1, string path2, string path3)",
)
def _combine(*parts: Any) -> str:
    items = list(parts[0]) if len(parts) == 1 and isinstance(parts[0], Array) else list(parts)
    out = ""
    for item in items:
        if item is None:
            raise argument_null("path")
        if not out or item[:1] in {"\\", "/"} or item[1:2] == ":":
            out = item or out
        elif item:
            out = f"{out}{'' if out[-1] in '/:' + chr(92) else chr(92)}{item}"
    return out


# -- the operating system ------------------------------------------------------------------------------------

_OS = "System.OperatingSystem"


def _os_text(value: Native) -> str:
    return f"Microsoft Windows NT {value.state['version']}.0"


def _os_version(value: Native) -> Version:
    major, minor, build = (int(part) for part in value.state["version"].split("."))
    return Version(major, minor, build, 0)


static_prop(
    _ENV,
    "System.OperatingSystem OSVersion",
    lambda: Native(_OS, {"version": current().os_version, "text": f"Microsoft Windows NT {current().os_version}.0"}),
)
prop(_OS, "System.PlatformID Platform", lambda _: EnumValue("System.PlatformID", "Win32NT", 2))
prop(_OS, "string ServicePack", lambda _: "")
prop(_OS, "version Version", _os_version)
prop(_OS, "string VersionString", _os_text)
method(_OS, "string ToString()")(_os_text)
