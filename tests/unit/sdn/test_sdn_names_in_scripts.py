"""Names of fields come from plans, and a saved plan may have been edited: none of them becomes code."""

from __future__ import annotations

import pytest

from psnet.errors import RenderError
from psnet.sdn.statements import create_statements, edit_statements

BAD = "x = 1; Remove-Item C:\\ #"


def test_a_name_that_is_no_field_is_refused() -> None:
    with pytest.raises(RenderError, match="no field"):
        create_statements("accessControlLists", {BAD: "value"})
    with pytest.raises(RenderError, match="no field"):
        edit_statements("accessControlLists", [{"op": "set", "path": [BAD], "value": "value"}])
