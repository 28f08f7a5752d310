"""What ``make fuzz`` begins with: each target takes its own inputs, unchanged and changed once."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

TOOLS = Path(__file__).resolve().parents[2] / "tools"


def _tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


INPUTS = _tool("fuzz_inputs")
FUZZ = _tool("fuzz")
TARGETS = INPUTS.targets()


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_target_reads_or_refuses_its_inputs(name: str) -> None:
    target, texts = TARGETS[name]
    assert texts, name
    chance = random.Random(name)
    for text in texts[:3]:
        target(text, "5.1")
        target(FUZZ.changed(text, chance), "5.1")
