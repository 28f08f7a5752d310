"""A real browser (Chromium without a window) for tests of pages."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
needs_chromium = pytest.mark.skipif(
    BROWSER is None or DRIVER is None, reason="needs Debian's chromium and chromium-driver"
)


@contextmanager
def chromium(profile: Path) -> Iterator[Chrome]:
    """Start Chromium with its profile in a folder; yield its driver."""
    options = ChromeOptions()
    options.binary_location = BROWSER or ""
    for word in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        f"--user-data-dir={profile}",
    ):
        options.add_argument(word)
    driver = Chrome(options=options, service=ChromeService(DRIVER))
    yield driver
    driver.quit()
