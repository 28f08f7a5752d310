"""Types that Add-Type adds: only those that the lab provides, found by their C# source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.clixml import psserializer as _psserializer  # noqa: F401 - declares the type
from psnet.lab.dotnet.binding import invocation_error
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.typenames import resolve_type as resolve_net_type
from psnet.lab.values import AUTOMATION_NULL, DotNetError

from . import net, service_points

if TYPE_CHECKING:
    from psnet.lab.contract.types import ModuleType, NativeType

    from .frame import Frame


def used_namespaces(tree: Any, source: Any) -> tuple[str, ...]:
    """Return the namespaces of a script's using statements; other modules than .NET's assemblies are refused."""
    found = []
    for using in tree.usings:
        if using.kind == "module":
            raise UnsupportedError("using module", source.line_of(using.start))
        if using.kind == "namespace":
            found.append(str(using.name.value))
    return tuple(found)


class NativeTypes:
    """Types of the session; part of ``Runspace``. Register with ``runspace.native_types.append(NativeType(...))``."""

    host: Any
    native_types: list[NativeType]
    types_added: dict[str, tuple[str, NativeType]]
    modules_used: set[str]
    service_points: dict[str, Any]
    modules: dict[str, Any]
    script_types: dict[str, Any]
    class_stack: list[Any]
    configurations: list[Any]

    def prepare_types(self) -> None:
        """Begin without native types, apart from what the host brings."""
        self.native_types = list(getattr(self.host, "native_types", ()))
        self.types_added = {}
        self.script_types = {}
        self.class_stack = []
        self.configurations = []
        self.modules_used = set()
        self.service_points = {}

    def module_type(self, written: str) -> ModuleType | None:
        """Return a type that a loaded module of the host brings, None for others.

        As on Windows, a module's assembly is there only after the module was imported or one of its cmdlets ran.
        """
        found: ModuleType | None = getattr(self.host, "module_types", {}).get(written.lower())
        if found is None or not {found.module.lower()} & (self.modules_used | set(self.modules)):
            return None
        return found

    def add_type(self, source: str, full_name: str | None) -> str:
        """Add the type that a C# source declares; refuses sources that the lab does not know."""
        for native in self.native_types:
            if native.matches(source):
                name = full_name or native.name
                if name is None:
                    continue
                self.types_added[name.lower()] = (name, native)
                return name
        raise net.unsupported("Add-Type of a C# source that the lab does not know")

    def resolve_type(self, written: str, frame: Frame | None = None) -> str:
        """Return a type's full name."""
        added = self.types_added.get(written.lower())
        if added is not None:
            return added[0]
        brought = self.module_type(written.removesuffix("[]"))
        if brought is not None:
            return brought.name + ("[]" if written.endswith("[]") else "")
        return resolve_net_type(written, frame.source.namespaces if frame is not None else ())

    def native_static(self, type_name: str, name: str, arguments: list[Any], frame: Frame) -> Any:
        """Call a method of an added type, ``MISSING`` for types of .NET."""
        defined = self.script_types.get(type_name.lower())
        if defined is not None and defined.values is None:
            return defined.new(arguments) if name.lower() == "new" else self._static_of(defined, name, arguments)
        if type_name == "System.Management.Automation.ScriptBlock" and name.lower() == "create":
            try:
                return self.script_block(net.to_string(arguments[0]), frame.state)  # type: ignore[attr-defined]
            except DotNetError as refused:
                raise invocation_error(DotNetError(refused.exception), "Create", 1) from None
        if type_name == "System.Management.Automation.Language.Parser":
            return self._parsed(name.lower(), arguments)
        brought = self.module_type(type_name)
        if brought is not None and name.lower() == "new" and not arguments:
            return brought.make()
        added = self.types_added.get(type_name.lower())
        if added is None:
            return net.MISSING
        for known, method in added[1].methods.items():
            if known.lower() == name.lower():
                try:
                    result = method(self.host, arguments)
                except DotNetError as error:
                    raise invocation_error(error, known, len(arguments)) from None
                return AUTOMATION_NULL if result is None else result
        message = f"Method invocation failed because [{added[0]}] does not contain a method named '{name}'."
        from psnet.lab.dotnet.errors import runtime_error  # noqa: PLC0415 - errors only

        raise runtime_error("MethodNotFound", message, target=name)

    def _parsed(self, name: str, arguments: list[Any]) -> Any:
        """Do ParseInput(text, [ref]tokens, [ref]errors) and ParseFile(path, ...)."""
        from psnet.lab.contract.files import decode  # noqa: PLC0415 - reflection only

        from .tree_objects import parsed  # noqa: PLC0415 - reflection only

        modern = self.language != "5.1"  # type: ignore[attr-defined]
        given = net.to_string(arguments[0]) if arguments else ""
        if name == "parseinput" and len(arguments) == 3:
            return parsed(given, None, arguments, modern=modern)
        found = self.host.files.find(given) if name == "parsefile" and len(arguments) == 3 else None
        if found is None or getattr(found, "data", None) is None:
            raise net.unsupported(f"[System.Management.Automation.Language.Parser]::{name}")
        return parsed(decode(found.data), given, arguments, modern=modern)

    def _static_of(self, defined: Any, name: str, arguments: list[Any]) -> Any:
        """Call a static method of a class of the script."""
        from psnet.lab.dotnet.errors import runtime_error  # noqa: PLC0415 - errors only

        result = defined.static_call(name, arguments)
        if result is net.MISSING:
            message = f"Method invocation failed because [{defined.name}] does not contain a method named '{name}'."
            raise runtime_error("MethodNotFound", message, target=name)
        return result

    def native_static_value(self, type_name: str, name: str) -> Any:
        """Return a static property of an added type, or what belongs to the host."""
        defined = self.script_types.get(type_name.lower())
        if defined is not None and defined.values is None:
            held = defined.static_member(name)
            return None if held is None else held.value
        added = self.types_added.get(type_name.lower())
        if added is not None:
            for known, getter in added[1].properties.items():
                if known.lower() == name.lower():
                    return getter(self.host)
        if type_name == service_points.SERVICE_POINTS:
            return service_points.read(
                self.service_points, name, getattr(getattr(self.host, "os", None), "build", None)
            )
        return net.MISSING

    def knows_statics(self, type_name: str) -> bool:
        """Say whether a type's static members are known, so that a missing one is null and no refusal."""
        from psnet.lab.dotnet.enums import is_enum  # noqa: PLC0415 - rarely needed
        from psnet.lab.dotnet.registry import REGISTRY  # noqa: PLC0415 - rarely needed

        table = REGISTRY.get(type_name)
        return is_enum(type_name) or (table is not None and bool(table.static_properties))

    def set_static(self, type_name: str, name: str, value: Any) -> bool:
        """Assign a static property; say whether it can be."""
        defined = self.script_types.get(type_name.lower())
        held = defined.static_member(name) if defined is not None and defined.values is None else None
        if held is not None:
            held.setter(None, value)
            return True
        return type_name == service_points.SERVICE_POINTS and service_points.write(self.service_points, name, value)
