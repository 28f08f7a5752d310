"""What a declaration's YAML means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from mof_oracle import declaration, oracle_cases

from psnet.mof.source import read_source

if TYPE_CHECKING:
    from pathlib import Path

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["yes", "On", "10:30", "1e20", "1.5e3", "010", "2024-02-29", "0x1F", "~", "null", ".5", "1_000"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def read(tmp_path: Path, text: str) -> Any:
    file = tmp_path / "c.yaml"
    file.write_text(text, encoding="utf-8")
    return read_source(file).data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("Yes", "Yes"),
        ("on", "on"),
        ("12", 12),
        ("-7", -7),
        ("0x1F", 31),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.0e+20", 1e20),
        ("1e20", "1e20"),
        ("010", "010"),
        ("8080:80", "8080:80"),
        ("2024-02-29", "2024-02-29"),
        ("1_000", "1_000"),
        ("~", None),
        ("", None),
        ("'true'", "true"),
    ],
)
def test_a_scalar_is_what_it_looks_like(text: str, value: Any, tmp_path: Path) -> None:
    found = read(tmp_path, f"On: {text}\n")
    assert found == {"On": value}
    assert type(found["On"]) is type(value)


def test_recorded_declarations_keep_their_meaning_in_a_file(tmp_path: Path) -> None:
    for case in oracle_cases():
        assert read(tmp_path, yaml.safe_dump(declaration(case))) == declaration(case), case["id"]


@given(VALUES)
def test_what_python_writes_is_read_back(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    assert read(tmp_path_factory.getbasetemp(), yaml.safe_dump({"v": value})) == {"v": value}
