"""Delegates that a script block is cast to: [Func[...]], [Action[...]], [Predicate[T]], [Comparison[T]] and .NET's others.

Source: PowerShell's public source, ScriptBlock.GetDelegate and InvokeAsDelegateHelper; Microsoft Learn, the types.
"""

from __future__ import annotations

from typing import Any, Final

from psnet.lab.dotnet import bases, object_model
from psnet.lab.dotnet.errors import UnsupportedError

#: What the delegates return that are not told by their name; the others of no generic form are not simulated.
_RETURNS: Final = {
    "System.Predicate`1": "System.Boolean",
    "System.Comparison`1": "System.Int32",
    "System.Action": "",
    "System.Net.Security.RemoteCertificateValidationCallback": "System.Boolean",
    "System.Threading.ThreadStart": "",
}
_OPAQUE: Final = {"System.Net.Security.RemoteCertificateValidationCallback": 4}


class Delegate:
    """A script block as a delegate of a type: its arguments are converted to its parameters, its output to what it returns."""

    __slots__ = ("block", "parameters", "returns", "type_name")

    def __init__(self, type_name: str, block: Any) -> None:
        opened, arguments = bases.split_generic(type_name)
        self.type_name = type_name
        self.block = block
        if opened.startswith("System.Func`"):
            self.parameters, self.returns = arguments[:-1], arguments[-1]
        elif opened.startswith("System.Action`"):
            self.parameters, self.returns = arguments, ""
        elif opened in _RETURNS:
            count = _OPAQUE.get(opened, 2 if opened == "System.Comparison`1" else len(arguments))
            kind = arguments[0] if arguments else "System.Object"
            self.parameters, self.returns = [kind] * count, _RETURNS[opened]
        else:
            raise UnsupportedError(f"a cast to [{type_name}]")

    def __call__(self, *given: Any) -> Any:
        """Run the block."""
        return object_model.call_delegate(self, given)


def is_delegate(type_name: str) -> bool:
    """Say whether a type is of delegates."""
    return "System.MulticastDelegate" in bases.base_chain(type_name)[1:]
