"""What all tests share: a journal of their own, so that no run of a test is in the user's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True, scope="session")
def _own_journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PSNET_JOURNAL", str(tmp_path_factory.mktemp("journal") / "journal.sqlite"))
        yield
