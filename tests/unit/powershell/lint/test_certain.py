"""Texts of which only what is certain is said: no finding where another file, a module or a run may decide."""

from __future__ import annotations

import pytest

from psnet.powershell.lint import lint_text

_A = "[Parameter(ParameterSetName = 'A')] [switch] $A"
_NO_SET = f"function f {{ param({_A}, [Parameter(ParameterSetName = '')] $B)\n$B }}\nf -A -B 1"
_LIST = "[System.Collections.Generic.IReadOnlyList[System.Object]]"
_REST = f"function f {{ param([Parameter(ValueFromRemainingArguments)] {_LIST} $Rest) $Rest }}\nf 1 -Path 2"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Get-Colour; New-FirewallPlan; Install-Thing", []),  # far from every known name: of a module that is not here
        ("Get-NetAdaptr", ["unknown-command"]),
        ("Gte-NetAdapter", []),
        ("Import-Module ActiveDirectory\nGet-NetAdaptr", []),
        ("Import-Module NetNat\nGet-NetAdaptr", ["unknown-command"]),
        ("Import-Module Storage, PnpDevice\nGet-NetAdaptr", ["unknown-command"]),
        ("Storage\\Get-Dsk", ["unknown-command"]),
        ("Import-Module Mine\nGet-NetAdapter -Mine 1; Get-Item -Mine 1", ["unknown-parameter"]),
        ("Get-PnpDevice -Clas Net -FriendlyNmae a", ["unknown-parameter"]),
        ("Get-PnpDevice -Anything x", []),  # an alias that is not known
        ("Set-Item WSMan:\\localhost\\Client\\TrustedHosts * -Concatenate", []),
        ("Get-ChildItem Cert:\\LocalMachine\\My -DnsName a -Recursive", ["unknown-parameter"]),
        ("Get-ChildItem $path -CodeSigningCert", []),
        ("Get-ChildItem AD:\\ -Anything", []),
        ("Get-ChildItem C:\\ -CodeSigningCert", ["unknown-parameter"]),
        ("if ($PSVersionTable.PSVersion.Major -ge 7) { Get-Uptime } else { 1 }", []),
        ("if ($IsLinux) { Get-Uptime }\nGet-Uptime", ["7-only-command"]),
        ("if ($PSVersionTable.PSVersion.Major -lt 7) { throw 'no' }\nGet-Uptime", []),
        ("function f { if ($PSEdition -ne 'Core') { return }; Get-Uptime }\nGet-Uptime", ["7-only-command"]),
        ("#Requires -PSEdition Core\nGet-Uptime", []),
        ("gci -r -i *.md", []),  # -ReadOnly is the file system's: PowerShell looks at its own -Recurse first
        ("function f () { [CmdletBinding()] param($Name) $Name }\nf -Name 1", []),
        ("if ((Get-Command gc).Parameters.ContainsKey('AsByteStream')) { Get-Content a -AsByteStream }", []),
        ("function Get-enMailboxPermission { }\nGet-EXOMailboxPermission; Get-enMailboxPermision", ["unknown-command"]),
        (
            (
                "function f { param([Parameter(Position = 0)][Parameter(ParameterSetName = 'A')]$r,"
                "[Parameter(ParameterSetName = 'A')]$n) }\nf -n 1 { }"
            ),
            [],
        ),
        ("Get-Member -InputObject $a -MemberType *Property", []),  # an enumeration's wildcards are looked up
        ("function f { param([Parameter(Mandatory)] $a, $b) $a }\nf", []),  # wants PowerShell to ask
        ("$core = $PSVersionTable.PSEdition -eq 'Core'\nif ($core) { Get-Uptime }", []),
        ("Start-ThreadJob { 1 }; Find-PSResource a", []),  # the gallery has these modules for 5.1 too
        ("Copy-Item a -Destination b -FromSession $s -ToSession $t", []),  # 5.0 brought them
        ("Get-Process -IncludeUserName; Get-Help a -Online; Restart-Computer -WsmanAuthentication Kerberos", []),
        # A parameter for the rest takes an unknown name as text (PowerShell's HandleRemainingArguments).
        ("Write-Output a -ForegroundColor Red; New-Module -Name a { } -PassThru", []),
        ("1 | ForEach-Object { $_ } -join ';'", ["unknown-parameter"]),  # RemainingScripts takes no text
        (
            "{ Get-Item a -Nothing } | Should -Throw; { Get-Item a -Nothing } | Should -Not -Throw",
            ["unknown-parameter"],
        ),
        ("$block = { Get-Item a -Nothing }\n$block | Should -Throw -ErrorId x", []),
        ("{ Get-Item a -Nothing } | Should Throw; Get-Thrown { Get-Item a -Nothing }", []),
        (
            "function f { param([Parameter()][ValidateRange(1, 9)]$N) }\nMock f -RemoveParameterValidation N\nf -N 0",
            [],
        ),
        # A provider that is not known may add any parameter; of a path that a run tells, none is certain.
        ("Set-Item -Path ('BiosCfg:\\' + $item) -Value $new -Secret $s; Set-Item $path -Secret $s", []),
        ("Set-Item $path -Valeu 1; Get-ChildItem $path -Nothing", ["unknown-parameter"] * 2),
        ('Get-Item "HKLM:\\$key" -Nothing', ["unknown-parameter"]),
        # Other hypervisors' modules have commands of Hyper-V's names; PowerShell loads modules by itself.
        ("Connect-VIServer lab; Get-VMHost -Location one", []),
        ("Get-VMHost -Location one", []),
        ("Get-VMHost -ComputerNmae one", ["unknown-parameter"]),
        ("Connect-VIServer lab; Get-VMSwich", []),
        ("function Get-LabItems { }\nConnect-VIServer lab; Get-LabItem; Get-LabIetms", ["unknown-command"]),
        ("Get-VDSwitch", []),  # another prefix, no misspelling of Get-VMSwitch
        ("$lines = { ConvertTo-Csv -Delimiter ';' }.GetSteppablePipeline()", []),  # input comes by Process()
        # Written without anything it asks, also where a steppable pipeline may feed it.
        ("function f { param([Parameter(Mandatory)]$A) }\n$p = @{ b = { f } }; $p.b.GetSteppablePipeline()", []),
        # What only PowerShell 7 has makes nothing ambiguous in 5.1, and is no help there.
        ("Get-Date -u %Y; 1 | ForEach-Object -b { } -p { $_ }", []),
        ("#Requires -Version 7.0\nGet-Date -u %Y", ["ambiguous-parameter"]),
        ("PS C:\\> $a | Get-It", []),  # a line that was copied from a console
        ("if ($Host.Version.Major -eq 7) { Import-Module MSOnline -UseWindowsPowerShell }", []),
        # In a workflow there are activities, which have more parameters; so has the workflow (-PSComputerName).
        ("workflow w { [CmdletBinding()] param($A) Get-Process -PSPersist $true }\nw -PSComputerName b -AsJob", []),
        ("workflow w { Get-Process }\nGet-Process -PSPersist $true", ["unknown-parameter"]),
        # What comes after a syntax error on its line mostly belonged to what stands before it.
        ("Get-It\n} | Set-Content -Path a\nGet-Item -Pahth x", ["syntax-error", "unknown-parameter"]),
        ("?\n%\n1 | ?", ["missing-mandatory"]),
        # Commands of a batch file or of VBScript.
        ('rem gone\nRD /S /Q "C:\\Temp"', []),
        ("Dim shell\nSet shell = CreateObject('x')", []),
        ("function Rem { }\nrem gone\nRemove-Item /S /Q C:\\Temp", ["too-many-arguments"]),
        # A name with a module is that module's command.
        ("BetterCredentials\\Get-Credential -Store; Mine\\Get-Uptime; Mine\\Get-NetAdaptr", []),
        ("Microsoft.PowerShell.Security\\Get-Credential -Store", ["unknown-parameter"]),
        ("Microsoft.PowerShell.Utility\\Get-Uptime", ["7-only-command"]),
        ("ConvertTo-Csv ($rows | Select-Object a) ';' -NoTypeInformation", []),
        ("function Test-Core { $PSEdition -eq 'Core' }\nif (Test-Core) { Get-Uptime }\nGet-Uptime", ["7-only-command"]),
        ("Push-Location Cert:\\\nGet-ChildItem -Recurse -CodeSigningCert", []),  # of the current location
        ("configuration A { Node 'x' { param([Parameter()] [string] $Q)\nFile f { Ensure = 'Present' } } }", []),
        ("try { Get-Item a -Nothing; throw 'no error' } catch { $_ }", []),  # an error is wanted
        ("try { Get-Item a -Nothing } catch { throw }", ["unknown-parameter"]),
        ("Hyper-V\\Remove-VMCheckpoint -Name a; Get-VMChekpoint", ["unknown-command"]),  # an alias of the module
        # Another session has other functions of these names; here it runs without a target.
        ("function f { [CmdletBinding()] param($A) }\nInvoke-LabJob a { Import-Module M; f -B 1 }", []),
        ("Invoke-Command $s { function f { [CmdletBinding()] param($A) } }\nf -B 1", []),
        ("function f { [CmdletBinding()] param($A) }\nInvoke-Command { f -B 1 }", ["unknown-parameter"]),
        ("function f { [CmdletBinding()] param($A) }\nSet-Alias f Get-Item\nf -B 1", []),  # the alias comes first
        ("if ($a) {\n  foreach ($b in $c) {\n    Get-Item -Pahth x\n", ["syntax-error", "unknown-parameter"]),
        ("workflow w { foreach -parallel -throttlelimit 4 ($a in $b) { Get-Item $a } }", []),
        ("foreach -parallel ($a in $b) { Get-Item $a }", ["syntax-error"]),
        ("Get-Command -CommandType Cmdlet, Workflow", []),
        ("Get-Command -CommandType Cmdlet, Workflo, Bogus", ["bad-value"]),
        ("Remove-AppPackage $a -AllUsers; Remove-AppxPackgae $a", ["unknown-command"]),
        # Resources of DSC in a file that a configuration dot-sources.
        ("ReplaceText 'x'\n{\n  Type = 'Text'\n  Path = 'y'\n}", []),
        ("WebSetting 'x'\n{\n  Filter = $rule.Section\n  Value = 1\n}\nGet-Item -Pahth x", ["unknown-parameter"]),
        ("Assert-VerifiableMock", []),  # newer versions of Pester have it
        ("$text | ConvertTo-SecureString -Force", []),  # -AsPlainText is of that set, and not mandatory
        (_NO_SET, []),  # an empty name means every set
        (_REST, []),
        ("ConvertTo-SecureString $a -AsPlainText $true", []),  # $true is -Force, by its position
        ("function Connect-VBR-Server { }\nGet-VBRJob; Connect-VBRServer", []),
        ("class A { [NotHere.Type] $B }", []),  # another file of the module may bring it
        # A known noun's plural, or with a number, is somebody's own function; a function of this script is known whole.
        ("Get-Events a; Get-NetAdapters; Get-Service2", []),
        ("function Get-LabItem { }\nGet-LabItme", ["unknown-command"]),
        # Of modules that grew, only what fingers do in passing is a misspelling.
        ("Get-AppxPakage; Get-AppxPackagge", ["unknown-command"] * 2),
        ("Get-AppxPackega", []),
        ("Get-NetAdaptr; Get-NetAdaptr; Get-NetAdaptr", []),  # written three times it is meant
        ("Add-PSSnapin Mine\nGet-NetAdaptr", []),
        ("#Requires -PSSnapin Mine\nGet-NetAdaptr", []),
        ('New-Item -Path "function:global:$name" -Value { }\nGet-NetAdaptr', []),
        ("Import-LabModule Mine\nGet-NetAdaptr", []),
        # Blocks of which only the text, the tree or the first command is asked.
        ("{ Get-Date -Nothing }.ToString(); { Get-Date -Nothing }.Ast; { Add-Type }.GetPowerShell()", []),
        ("{ Get-Date -Nothing }.Invoke()", ["unknown-parameter"]),
        ("#Requires -PSEdition Core\nps -eo pid; Get-Process -eo pid", ["unknown-parameter"]),  # the program on Linux
        ("if ($IsLinux) { ps -eo pid }", []),
        # Templates of other tools.
        ('Write-Warning -Message "{{A}}"{{B}}', []),
        ("{% if a %}\n$a = \n{% endif %}", []),
        ("for ($i = 0; $i -le ~COUNT~; $i++) { 1 }\nStart-Sleep -Seconds '~DELAY~'", []),
        ("function f { param([ValidateSet('a')] $X) $X }\nf '#X#'\nf '<your value>'\nf b", ["bad-value"]),
        # For a string PowerShell makes an empty one of $null (LanguagePrimitives.ConvertTo).
        ("function f { param([AllowEmptyString()][Parameter(Mandatory)][string] $A) $A }\nf $null", []),
        ("function f { param([Parameter(Mandatory)][string] $A) $A }\nf $null", ["bad-value"]),
        # What a question for the version decides, through variables too.
        (
            (
                "$all = $true\nif ($PSVersionTable.PSVersion.Major -lt 7) { $all = $false }\n"
                "if ($all) { $how = 'all' }\nif ($how -eq 'all') { 1 | ForEach-Object -Parallel { 1 } }"
            ),
            [],
        ),
        ("if ('System.Management.Automation.Cleared' -as [type]) { Add-Type $a -CompilerOptions b }", []),
        ("#Requires -Version 7.0\nConfiguration A { Node x { } }", []),  # with PSDesiredStateConfiguration 2
        ("Add-Type $a -CompilerOptions b; Read-Host a -MaskInput", ["7-only-parameter"] * 2),
        # A file with many errors of their own is in another language.
        (
            "using System;\nvar a = 1,\nGet-Date\nforeach (a b) { }\nGet-Date\n$b = 1 +\n\nGet-Date -Nothing",
            ["syntax-error"],
        ),
    ],
)
def test_only_what_is_certain_is_said(text: str, found: list[str]) -> None:
    assert [one.rule for one in lint_text(text)] == found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("@echo off\nrem clean up\nif exist a.txt goto end\ndel a.txt\n", "a batch file"),
        ("Dim shell\nSet shell = CreateObject('x')\n'a comment\n", "VBScript"),
        ("CREATE USER x\nGO\n--then, (\nuse master\n", "SQL"),
        ("using System;\nnamespace Net\n{\n  public class A { int B(int c, int d) { return c; } }\n}\n", "C#"),
        ('{ "name": 1, "more": [2, 3] }', "JSON"),
        ("{\\rtf1\\ansi\n\\f0 (Get-Item | Where \\{1\\}}", "rich text"),
        ("// the name\ndef host = props.get('a')\nString b = ('c' + host)[-1])\n", "Groovy or JavaScript"),
        ("import os\nfor one in [\n  'a'\n]:\n  print('b')\n", "Python"),
        ("## Use\n- Run the script (\n1. Copy it\n```powershell\n```\n", "Markdown"),
        ("$a = 1 +\n\nGo\n", None),
        ("$q = @'\nCREATE TABLE x\nGO\n'@\n$a = 1 +\n", None),
    ],
)
def test_a_text_in_another_language_is_said_to_be_one(text: str, language: str | None) -> None:
    (found,) = lint_text(text)
    assert found.rule == "syntax-error"
    assert found.remedy == (f"it reads like {language}: give it that language's ending" if language else None)


@pytest.mark.parametrize("line", ["PS C:\\> $a = (1", "Name     Size\n------   -- ----\nx (1"])
def test_what_a_console_has_printed_is_said_to_be_that(line: str) -> None:
    (found,) = lint_text(f"$x = 1\n{line}\nGet-Item -Pahth x")
    assert found.rule == "syntax-error"
    assert found.remedy == "it reads like what a console has printed: make that a comment"


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("# Requires PowerShell 7", []),
        ("<#\n.NOTES\n    Notice: requires PowerShell 6+ (-Depth)\n#>", []),
        ("# PowerShell 7.2 or later is required", []),
        ("# Minimum PowerShell Core version: 7", []),
        ("# Minimum PowerShell version: 7", []),
        ("# Run this from the root (PowerShell 7+, elevated)", []),
        ("<#\n.EXAMPLE\n    pwsh -File .\\Get-It.ps1\n#>", []),
        ("# PowerShell 7+ or Windows PowerShell", ["7-only-parameter"]),
        ("<#\n pwsh -File a.ps1\n powershell.exe -File a.ps1\n#>", ["7-only-parameter"]),
        ("# Works with PowerShell 5.1 and PowerShell 7", ["7-only-parameter"]),
        ("# Needs PowerShell 7 or 5.1", ["7-only-parameter"]),
        ("#Requires -Version 5.1\n# Parallel runs require PowerShell 7", ["7-only-parameter"]),
        ("$text = 'requires PowerShell 7'", ["7-only-parameter"]),
    ],
)
def test_a_comment_at_the_head_may_ask_for_powershell_7(comment: str, found: list[str]) -> None:
    assert [one.rule for one in lint_text(f"{comment}\n1..3 | ForEach-Object -Parallel {{ $_ }}")] == found


def test_a_remedy_names_nothing_that_windows_powershell_has_not() -> None:
    (found,) = lint_text("Get-Credential -Store x")
    assert found.remedy == "it has -Credential, -Message, -UserName"


def test_one_syntax_error_does_not_hide_the_rest() -> None:
    text = "Get-Item -Pahth a\nfunction f { Get-Item -Pahth b\n if ( }\n}\nfunction g { Get-Item -Pahth c }"
    found = [(one.line, one.rule) for one in lint_text(text)]
    assert found[0] == (1, "unknown-parameter")
    assert (3, "syntax-error") in found
    assert sum(rule == "syntax-error" for _, rule in found) == 1


def test_each_syntax_error_of_its_own_is_said_and_none_that_follows_from_one() -> None:
    text = "$a = 1 +\n\nGet-Item x\nGet-Date\nforeach ($x on $y) { 2 }\nGet-Item -Pahth z\n"
    found = [(one.line, one.rule) for one in lint_text(text)]
    assert found == [(1, "syntax-error"), (5, "syntax-error"), (6, "unknown-parameter")]
    unclosed = "function f {\n for (;;) {\n $page.Remove(A.B)\n}\nGet-Item x\n}\nGet-Item y\n}"
    assert [one.rule for one in lint_text(unclosed)] == ["syntax-error"]


def test_what_follows_from_a_broken_list_of_parameters_is_not_said() -> None:
    broken = "function f { param( [string] $A [string] $B,\n[Parameter()] $C)\nGet-Item x\nif ( ) { }\n}\n"
    assert [(one.line, one.rule) for one in lint_text(broken)] == [(1, "syntax-error")]
    assert [one.line for one in lint_text(f"{broken}function g {{ Get-Item y }}\n$a = 1 +\n")] == [1, 7]


def test_psscriptanalyzers_names_excuse_what_is_the_same_rule() -> None:
    said = "[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseCompatibleCommands', '')]"
    assert lint_text(f"function f {{ {said} param() Test-Json '{{}}' }}") == []
    assert len(lint_text(f"function f {{ {said} param() }}\nTest-Json '{{}}'")) == 1
    assert lint_text("Test-Json '{}' # psnet: ignore[PSUseCompatibleCommands] only where 7 is installed") == []
