"""Elements of the document that is being written."""

from __future__ import annotations

from dataclasses import dataclass, field

from psnet.lab.clixml.escape import xml_attribute


@dataclass(slots=True)
class Element:
    """An XML element; ``text`` is already escaped, None where there is none."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str | None = None
    children: list[Element] = field(default_factory=list)

    def start(self) -> str:
        """Return the start tag without its closing bracket."""
        shown = "".join(f' {name}="{xml_attribute(value)}"' for name, value in self.attributes.items())
        return f"<{self.tag}{shown}"

    def compact(self) -> str:
        """Return the element without any white space between elements."""
        out: list[str] = []
        self._write(out, "", "")
        return "".join(out)

    def indented(self, newline: str, level: int = 0) -> str:
        """Return the element with two blanks for each level."""
        out: list[str] = []
        self._write(out, newline, "  ", level)
        return newline.join(out)

    def _write(self, out: list[str], newline: str, step: str, level: int = 0) -> None:
        margin = step * level
        if self.children:
            out.append(f"{margin}{self.start()}>")
            for child in self.children:
                child._write(out, newline, step, level + 1)
            out.append(f"{margin}</{self.tag}>")
        elif self.text is None:
            out.append(f"{margin}{self.start()} />")
        else:
            out.append(f"{margin}{self.start()}>{self.text}</{self.tag}>")
