"""psnet's command line inside the tests' process, and the smallest site of the examples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from psnet.cli.app import app

ROOT = Path(__file__).resolve().parents[1]
SITE = str(ROOT / "examples" / "minimal" / "site.yaml")


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))
