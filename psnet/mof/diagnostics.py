"""Collects refusals and warnings while a declaration is checked and compiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psnet._internal.yaml import dotted
from psnet.mof.errors import Refusal

if TYPE_CHECKING:
    from psnet._internal.yaml import Document, Path_

_REMEDIES = {
    "InvalidPathSpecified": "give the node a CertificateFile or CertificateID in configuration_data, "
    "or set PSDscAllowPlainTextPassword: true where a readable password is acceptable",
    "ModuleNotFoundDuringParse": "name the version that the schemas belong to",
    "ConflictingDuplicateResource": "make the two agree in every property, or give one other keys",
    "DuplicateResourceIdInNodeStatement": "give one of the two another name",
    "CannotConvertStringToBool": "write true or false without quotes",
    "MissingValueForMandatoryProperty": "give it among the properties",
    "InvalidInstanceProperty": "take one of these or leave it out; what a resource only reports cannot be set",
    "InvalidValueForProperty": "give one of these values, or leave the property out",
    "ParameterArgumentTransformationError": "write {$datetime: 2024-02-29T12:34:56Z}, or without Z for local time",
    "ParameterArgumentValidationErrorEmptyStringNotAllowed": "give it a text",
    "RequiredResourceNotFound": "name a resource of the same node, in this block or one before it",
    "DependsOnLoopDetected": "take one of these dependencies out",
    "LocalHostNodeNotAllowed": "move these resources into a node, or give the node another name",
    "ConfiguratonDataNeedAllNodes": "write AllNodes: [{NodeName: web01}]",
    "ConfiguratonDataAllNodesNeedHashtable": "write AllNodes: [{NodeName: web01}]",
    "DuplicatedNodeInConfigurationData": "join the two",
    "InvalidCastFromStringToInteger": "write a whole number",
    "InvalidCastFromStringToDoubleOrSingle": "write a number",
    "GetBadlyFormedRequiredResourceId": "write [Type]Name; a name that others depend on may hold "
    "letters a-z, digits, blanks and _ - . \\ only",
}


@dataclass(slots=True)
class Diagnostics:
    """What was found, in the engine's order; ``document`` gives lines when the declaration is a file."""

    document: Document | None = None
    prefix: Path_ = ()
    refusals: list[Refusal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def position(self, where: Path_) -> tuple[int | None, int | None]:
        """Return (line, column) of a place in the file, or of the nearest thing that holds it."""
        if self.document is None:
            return None, None
        place = (*self.prefix, *where)
        while place and place not in self.document.positions:
            place = place[:-1]
        return self.document.positions.get(place, (1, 1))

    def refuse(
        self,
        error_id: str,
        message: str,
        where: Path_ = (),
        *,
        node: str | None = None,
        remedy: str | None = None,
        noted: bool = True,
    ) -> Refusal:
        """Return a reason to refuse; it is noted unless ``noted`` says otherwise."""
        line, column = self.position(where)
        path = self.document.path if self.document is not None else "<configuration>"
        key = dotted((*self.prefix, *where)) or None
        made = Refusal(error_id, message, path, line, column, key, node, remedy or _REMEDIES.get(error_id))
        if noted:
            self.refusals.append(made)
        return made

    def warn(self, text: str) -> None:
        """Note a warning once."""
        if text not in self.warnings:
            self.warnings.append(text)
