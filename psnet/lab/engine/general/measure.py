"""Measure-Object."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.engine.general.keys import expand_names, property_value
from psnet.lab.engine.general.sort import compare_keys
from psnet.lab.values import DotNetError, PSObject

if TYPE_CHECKING:
    from psnet.lab.engine.cmdlet_context import CmdletContext

_KIND = "Microsoft.PowerShell.Commands"


class _Series:
    """What one property's values add up to."""

    def __init__(self, name: str | None) -> None:
        self.name = name
        self.count = 0
        self.sum = 0.0
        self.squares = 0.0
        self.least: Any = None
        self.most: Any = None
        self.numbers: list[float] = []


@cmdlet("Measure-Object")
class MeasureObject(Cmdlet):
    """Count, add, compare."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.series: dict[str, _Series] = {}
        self.total = 0
        self.lines = self.words = self.characters = 0

    def process(self) -> None:
        """Take one object."""
        value = self.p.get("InputObject")
        if value is None or "InputObject" not in self.p:
            return
        names = self.p.list("Property")
        self.total += 1
        if names is None:
            self._take("", None, value)
            return
        for pattern in names:
            for name in expand_names(value, net.to_string(pattern)):
                held = property_value(self.ctx, value, name)
                if held is not None:
                    self._take(name.lower(), name, held)

    def _take(self, key: str, name: str | None, value: Any) -> None:
        if self.ctx.parameter_set == "TextMeasure":
            self._text(net.to_string(value))
            return
        series = self.series.setdefault(key, _Series(name))
        p = self.p
        numeric = any(p.switch(word) for word in ("Sum", "Average", "StandardDeviation", "AllStats"))
        limits = any(p.switch(word) for word in ("Minimum", "Maximum", "AllStats"))
        if numeric:
            try:
                number = float(net.convert(net.unwrap(value), "System.Double"))
            except DotNetError:
                self.ctx.write_error(
                    f'Input object "{net.to_string(value)}" is not numeric.',
                    "NonNumericInputObject",
                    "InvalidType",
                    value,
                    exception="System.Management.Automation.PSArgumentException",
                )
                return
            series.sum += number
            series.numbers.append(number)
        series.count += 1
        if limits:
            if series.least is None or compare_keys(value, series.least) < 0:
                series.least = value
            if series.most is None or compare_keys(value, series.most) > 0:
                series.most = value

    def _text(self, text: str) -> None:
        if text:
            self.lines += text.count("\n") + (0 if text.endswith("\n") else 1)
        self.words += len(re.findall(r"\S+", text))
        counted = re.sub(r"\s", "", text) if self.p.switch("IgnoreWhiteSpace") else text
        self.characters += len(counted)

    def end(self) -> None:
        """Write what was measured."""
        if self.ctx.parameter_set == "TextMeasure":
            shown = {
                "Lines": self.lines if self.p.switch("Line") else None,
                "Words": self.words if self.p.switch("Word") else None,
                "Characters": self.characters if self.p.switch("Character") else None,
                "Property": None,
            }
            kind = f"{_KIND}.TextMeasureInfo"
            self.ctx.write(PSObject.of(shown, kind, f"{_KIND}.MeasureInfo", "System.Object", kind="Property"))
            return
        names = self.p.list("Property")
        if names is None:
            self._write(self.series.get("") or _Series(None))
            return
        for pattern in names:
            text = net.to_string(pattern)
            found = [s for s in self.series.values() if s.name is not None and net.is_like(s.name, text)]
            if not found and self.total:
                self.ctx.write_error(
                    f'The property "{text}" cannot be found in the input for any objects.',
                    "GenericMeasurePropertyNotFound",
                    "InvalidArgument",
                    exception="System.Management.Automation.PSArgumentException",
                )
            for series in found:
                self._write(series)

    def _write(self, series: _Series) -> None:
        p = self.p
        everything = p.switch("AllStats")
        some = series.count > 0
        integers = list(series.numbers)
        average = series.sum / series.count if some else None
        deviation = None
        if some and (p.switch("StandardDeviation") or everything) and len(integers) > 1 and average is not None:
            deviation = math.sqrt(sum((n - average) ** 2 for n in integers) / (len(integers) - 1))
        shown: dict[str, Any] = {
            "Count": series.count,
            "Average": average if some and (p.switch("Average") or everything) else None,
            "Sum": series.sum if some and (p.switch("Sum") or everything) else None,
            "Maximum": _limit(series.most),
            "Minimum": _limit(series.least),
        }
        if self.ctx.runspace.language != "5.1":
            shown["StandardDeviation"] = deviation
        if not (p.switch("Maximum") or everything):
            shown["Maximum"] = None
        if not (p.switch("Minimum") or everything):
            shown["Minimum"] = None
        shown["Property"] = series.name
        kind = f"{_KIND}.GenericMeasureInfo"
        self.ctx.write(PSObject.of(shown, kind, f"{_KIND}.MeasureInfo", "System.Object", kind="Property"))


def _limit(value: Any) -> Any:
    plain = net.unwrap(value)
    if plain is not None and net.is_number(plain):
        return float(plain)
    return value
