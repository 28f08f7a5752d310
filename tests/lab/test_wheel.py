"""The wheel holds all that psnet needs, templates included, and converges a lab host from outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_built_wheel_works_on_its_own(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    unpacked = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    assert (unpacked / "psnet" / "_bundle" / "templates" / "observe.ps1.j2").is_file()
    assert (unpacked / "psnet" / "_bundle" / "dsc" / "PSNetDsc" / "PSNetDsc.psd1").is_file()
    assert (unpacked / "psnet" / "py.typed").is_file()
    _plug_in_works(tmp_path, unpacked)
    site = ROOT / "examples" / "minimal" / "site.yaml"
    inner = f"import psnet, subprocess, sys; assert psnet.__file__.startswith({str(unpacked)!r}); "
    inner += f"sys.exit(subprocess.run([sys.executable, '-m', 'psnet', 'apply', {str(site)!r}, '--yes']).returncode)"
    done = subprocess.run(
        [sys.executable, "-m", "psnet", "lab", "run", "--os", "2022", "--", sys.executable, "-c", inner],
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "verified: nothing left" in done.stdout


def _plug_in_works(folder: Path, unpacked: Path) -> None:
    """The fixture of docs/lab.md is there with and without ``pytest_plugins``."""
    body = "def test_lab(psnet_lab):\n    assert psnet_lab('2022').hosts['ws2022']\n"
    (folder / "test_named.py").write_text(f"pytest_plugins = ['psnet.testing']\n\n\n{body}", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "test_named.py"],
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
