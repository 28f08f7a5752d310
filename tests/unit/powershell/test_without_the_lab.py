"""PowerShell as a language needs no simulated host: what lives on it loads nothing of the lab."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sampling import every

_CHECK = """
import sys
from psnet.cli import main
sys.argv = ['psnet', 'check', 'dsc', '--os', '2022']
try:
    main()
except SystemExit:
    pass
"""
_HELP = """
from psnet.dsc.generated import generated_files
from psnet.dsc.resources.files import module_folder
generated_files(module_folder())
"""
_USES = {
    "check": "from psnet.powershell.lint import lint_text; assert lint_text('Get-Item -Pahth C:')",
    "check on a build": "from psnet.powershell.lint import lint_text; lint_text('Get-HnsNetwork', os='2016')",
    "psnet check": _CHECK,
    "host.ps": "from psnet.api.commands import Commands; Commands(print)['Get-NetNat'].__doc__",
    "the DSC module's help text": _HELP,
    "the tree": "from psnet.powershell.syntax import parse, tree_text; tree_text(parse('1L; 2.5'))",
}


@pytest.mark.parametrize("use", every(3, _USES))
def test_nothing_of_the_lab_is_loaded(use: str) -> None:
    asked = "import sys; print([name for name in sys.modules if name.startswith('psnet.lab')])"
    done = subprocess.run([sys.executable, "-c", f"{_USES[use]}\n{asked}"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
