from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mof_oracle import oracle_schemas

if TYPE_CHECKING:
    from psnet.mof import SchemaSet


@pytest.fixture(scope="session")
def schemas() -> SchemaSet:
    return oracle_schemas()
