"""Draw docs/img/architecture.svg: the packages of psnet in layers, as import-linter's contracts in pyproject.toml say.

``python tools/architecture.py`` writes it; tests/unit/test_architecture.py compares it.
"""

from __future__ import annotations

import tomllib
from html import escape
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PICTURE: Final = ROOT / "docs" / "img" / "architecture.svg"
_ROW, _GAP, _WIDTH, _LAB, _TOP = 30, 6, 560, 150, 34
_STYLE: Final = (
    "text{font:13px system-ui,sans-serif;fill:#1f2328}.note{fill:#656d76;font-size:12px}"
    ".package{fill:#eef4fb;stroke:#8db3dd}.lab{fill:#f3f0fa;stroke:#a58fd6}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.note{fill:#9198a1}"
    ".package{fill:#16273b;stroke:#39618f}.lab{fill:#241d38;stroke:#6a55a0}}"
)


def layers() -> list[list[str]]:
    """Return the packages of each layer, the highest first, as the contract has them."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    written = next(item["layers"] for item in contracts if item["id"] == "layers")
    return [[package.strip() for package in layer.replace(":", "|").split("|")] for layer in written]


def lab_foundations() -> int:
    """Return the place of the highest layer that the lab may import."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    forbidden = next(item["forbidden_modules"] for item in contracts if item["id"] == "lab-stands-apart")
    names = {module.removeprefix("psnet.") for module in forbidden} | {"__main__"}
    return next(place for place, packages in enumerate(layers()) if not names & set(packages))


def picture() -> str:
    """Return the drawing: a row a layer, the lab beside those that it must not import."""
    rows = layers()
    height = _TOP + len(rows) * (_ROW + _GAP) + 10
    total = _WIDTH + _LAB + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {height}" role="img">',
        f"<style>{_STYLE}</style>",
        '<text class="note" x="10" y="20">each package imports only from rows below it</text>',
    ]
    for place, packages in enumerate(rows):
        width = (_WIDTH - (len(packages) - 1) * _GAP) / len(packages)
        top = _TOP + place * (_ROW + _GAP)
        for number, package in enumerate(packages):
            parts += _box(10 + number * (width + _GAP), top, width, _ROW, package, "package")
    first = next(place for place, packages in enumerate(rows) if "cli" in packages) + 1
    top = _TOP + first * (_ROW + _GAP)
    bottom = _TOP + lab_foundations() * (_ROW + _GAP) - _GAP
    parts += _box(_WIDTH + 20, top, _LAB, bottom - top, "lab", "lab")
    parts += ["</svg>", ""]
    return "\n".join(parts)


def _box(left: float, top: float, width: float, height: float, text: str, kind: str) -> list[str]:
    return [
        f'<rect class="{kind}" x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="4"/>',
        f'<text x="{left + width / 2:g}" y="{top + height / 2 + 4:g}" text-anchor="middle">{escape(text)}</text>',
    ]


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
