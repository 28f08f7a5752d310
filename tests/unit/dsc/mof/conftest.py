from __future__ import annotations

import pytest
from mof_oracle import oracle_schemas

from psnet.dsc.mof import SchemaSet


@pytest.fixture(scope="session")
def schemas() -> SchemaSet:
    return oracle_schemas()
